// SPDX-License-Identifier: MIT
//
// A file of captures: what walks of a kernel saw, written by the kernel and read on the host. Both are little-endian
// machines with 64-bit addresses and lay structures out alike, so that these are written as they are; the first item
// says by their sizes whether they do.
//
//   Item (file), Item (page) ..., Item (capture), Item (page) ..., ...
//
// Memory is written in pages, each once: a capture names its pages by their hashes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "surefoot/surefoot.hpp"

namespace corrupt {

inline constexpr std::uint64_t file_magic = 0x31'65'72'75'74'70'61'63;  // "capture1"
inline constexpr const char* file_name = "surefoot.captures";

enum class ItemKind : std::uint64_t { file, page, capture };

/// Before each item. `size` bytes follow.
struct Item {
  ItemKind kind;
  std::uint64_t size;
};

/// The content of the first item.
struct FileHead {
  std::uint64_t magic;
  std::uint64_t sizes;  ///< see layout_sizes
};

/// The largest piece of memory that is one item. Its content: a hash, and bytes.
inline constexpr std::size_t page_size = 1024;

/// A walk. Behind it stand, in this order: stacks[own_stacks + cpu_stacks], return_stacks[return_stacks] (their
/// addresses), RegionHead[regions], each followed by its special ranges, its calls without a record and its patch
/// entries, pieces[pieces], each followed by the hashes of its pages, pcs[frames].
struct CaptureHead {
  char name[48];  ///< of the task that walked
  // The start.
  std::uint64_t kind;  ///< Start::Kind
  surefoot::Registers registers;
  std::uint64_t frame_at;
  std::uint64_t switches;    ///< the activity word of a blocked task
  std::uint64_t context_at;  ///< of a blocked task: where its x19 to x28 are, else 0
  // What called walk(), as of its return: x19 to x28, x29, sp, x30.
  std::uint64_t caller[13];
  // The kernel and the task.
  surefoot::ExceptionLayout exception;
  std::uint64_t pac_bits;
  std::uint64_t tag_bits;
  std::uint64_t final_record_at;
  std::uint64_t own_stacks;
  std::uint64_t cpu_stacks;
  std::uint64_t return_stacks;
  std::uint64_t regions;
  std::uint64_t pieces;
  // What the walk found there and then.
  std::uint64_t frames;
  std::uint64_t frame_room;
  std::uint64_t policy;
  surefoot::Verdict verdict;
};

struct RegionHead {
  surefoot::AddressRange text;
  std::uint64_t has_ranges;
  std::uint64_t ranges;
  std::uint64_t has_calls;
  std::uint64_t calls;
  surefoot::AddressRange frame_table;  ///< where its bytes are; empty if there is none
  std::uint64_t frame_table_address;   ///< where they belong
  std::uint64_t patch_entries;
  std::uint64_t patch_start;
  std::uint64_t patch_end;
};

inline constexpr std::uint64_t layout_sizes = sizeof(CaptureHead) << 48 | sizeof(RegionHead) << 32 |
                                              sizeof(surefoot::SpecialRange) << 16 | sizeof(surefoot::Stack);
static_assert(std::is_trivially_copyable_v<CaptureHead> && std::is_trivially_copyable_v<RegionHead>);
static_assert(std::is_trivially_copyable_v<surefoot::SpecialRange> && std::is_trivially_copyable_v<surefoot::Stack>);

/// Of a page: FNV-1a by words, the last of which is filled up with zeros.
[[nodiscard]] constexpr std::uint64_t hash_step(std::uint64_t hash, std::uint64_t word) noexcept {
  return (hash ^ word) * 0x100000001b3;
}
inline constexpr std::uint64_t hash_seed = 0xcbf29ce484222325;

}  // namespace corrupt
