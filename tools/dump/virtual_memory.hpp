// SPDX-License-Identifier: MIT
//
// The kernel's memory by virtual addresses. Stacks are read a few bytes at a time, so that what was read and translated
// is kept, as much as has a fixed size.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "dump/page_tables.hpp"
#include "dump/physical_memory.hpp"

namespace surefoot::tools {

class VirtualMemory {
 public:
  /// `memory` must stay in place, and does not change.
  VirtualMemory(PhysicalMemory& memory, const PageTables& tables);

  /// True if all of it was copied. Otherwise what is in `into` means nothing.
  [[nodiscard]] bool read(std::uint64_t address, std::span<std::byte> into);
  /// 8 bytes.
  [[nodiscard]] std::optional<std::uint64_t> word(std::uint64_t address) { return load<std::uint64_t>(address); }

  /// A little-endian number.
  template <std::integral Integer>
  [[nodiscard]] std::optional<Integer> load(std::uint64_t address) {
    std::array<std::byte, sizeof(Integer)> bytes{};
    if (!read(address, bytes)) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) value |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
    return static_cast<Integer>(value);
  }

  /// The characters up to the first 0, which is looked for among `most` bytes; all of these if there is none. Nothing
  /// if they cannot be read so far.
  [[nodiscard]] std::optional<std::string> text(std::uint64_t address, std::size_t most);
  [[nodiscard]] std::optional<std::uint64_t> to_physical(std::uint64_t address);

  /// Distinct pages that were asked for, tables among them, and that the dump does not hold. What is not mapped is not
  /// among them. Counting ends at a million.
  [[nodiscard]] std::size_t missing_pages() const { return missing_.size(); }
  /// Distinct pages that were asked for, and that the dump holds in a form that cannot be read.
  [[nodiscard]] std::size_t damaged_pages() const { return damaged_.size(); }

 private:
  // Memory is kept in pieces of the smallest page: with larger pages, RAM may end within one.
  static constexpr std::size_t piece_size = 4096;
  static constexpr std::size_t piece_count = 1024;
  static constexpr std::size_t translation_count = 8192;
  static constexpr std::uint64_t nothing = ~std::uint64_t{0};
  struct Piece {
    std::uint64_t number = nothing;
    std::vector<std::byte> bytes;
  };
  struct Translation {
    std::uint64_t page = nothing;
    std::uint64_t physical = nothing;  // nothing: not mapped
  };

  [[nodiscard]] bool read_physical(std::uint64_t address, std::span<std::byte> into);
  [[nodiscard]] bool read_in_piece(std::uint64_t address, std::span<std::byte> into);
  [[nodiscard]] std::optional<std::uint64_t> descriptor_at(std::uint64_t address);

  PhysicalMemory* memory_;
  PageTables tables_;
  std::vector<Piece> pieces_ = std::vector<Piece>(piece_count);
  std::vector<Translation> translations_ = std::vector<Translation>(translation_count);
  std::unordered_set<std::uint64_t> missing_;
  std::unordered_set<std::uint64_t> damaged_;
};

}  // namespace surefoot::tools
