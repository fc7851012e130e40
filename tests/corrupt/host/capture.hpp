// SPDX-License-Identifier: MIT
//
// Captures as the file has them (../format.hpp), with the memory that each names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "corrupt/format.hpp"

namespace corrupt {

using Bytes = std::vector<std::byte>;

/// Memory of the kernel.
struct Piece {
  surefoot::AddressRange range;
  std::shared_ptr<const Bytes> bytes;  ///< shared by captures that found the same there
  std::uint64_t hash = 0;              ///< of all of it
};

struct CapturedRegion {
  RegionHead head{};
  std::vector<surefoot::SpecialRange> ranges;
  std::vector<surefoot::SpecialRange> calls;
  std::vector<std::uint64_t> patch_entries;
};

struct Capture {
  std::string name;
  CaptureHead head{};
  std::vector<surefoot::Stack> stacks;  ///< the task's own, then the CPU's
  std::vector<std::uint64_t> return_stacks;
  std::vector<CapturedRegion> regions;
  std::vector<Piece> pieces;
  std::vector<std::uint64_t> pcs;  ///< that the kernel's own walk found

  /// Null if the address is in none.
  [[nodiscard]] const Piece* find_piece(std::uint64_t address) const;
};

/// All of the file; or what is wrong with it.
[[nodiscard]] std::expected<std::vector<Capture>, std::string> read_captures(const std::filesystem::path& path);

}  // namespace corrupt
