// SPDX-License-Identifier: MIT
//
// The special-range table of an image: the bytes between the symbols that linked_ranges.hpp reads them by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <utility>
#include <vector>

#include "elf/image.hpp"
#include "surefoot/special_ranges.hpp"

namespace surefoot::tools {

class SpecialTable {
 public:
  explicit SpecialTable(const Image& image);
  // The view refers to the entries, which a move leaves where they are.
  SpecialTable(const SpecialTable&) = delete;
  SpecialTable& operator=(const SpecialTable&) = delete;
  SpecialTable(SpecialTable&&) = default;
  SpecialTable& operator=(SpecialTable&&) = default;

  /// True if the image has the linker's symbols, or at least the section of entries.
  [[nodiscard]] bool is_present() const { return is_present_; }
  [[nodiscard]] std::uint64_t address() const { return address_; }
  [[nodiscard]] std::size_t entry_count() const { return entries_.size(); }
  /// Bytes that are in no whole entry; and whether the file holds the bytes at all.
  [[nodiscard]] std::size_t odd_bytes() const { return odd_bytes_; }
  [[nodiscard]] bool is_in_file() const { return is_in_file_; }
  /// The library's own check of the entries, and the view if they pass it.
  [[nodiscard]] const std::expected<SpecialRanges, SpecialRangesError>& check() const { return check_; }
  /// The view; of a table that is missing or refused, an empty one.
  [[nodiscard]] const SpecialRanges& ranges() const { return ranges_; }
  /// The bounds of an entry, which may be a faulty one. Requires index < entry_count().
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> bounds(std::size_t index) const;

 private:
  void read(const Image& image, std::uint64_t start, std::uint64_t size);

  std::vector<SpecialRangeEntry> entries_;
  std::uint64_t address_ = 0;
  std::size_t odd_bytes_ = 0;
  bool is_present_ = false;
  bool is_in_file_ = false;
  std::expected<SpecialRanges, SpecialRangesError> check_ = SpecialRanges::none();
  SpecialRanges ranges_ = SpecialRanges::none();
};

}  // namespace surefoot::tools
