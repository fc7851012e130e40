// SPDX-License-Identifier: MIT
//
// Tables of special ranges: those that an image has, between the symbols that linked_ranges.hpp reads them by, and the
// bytes of new ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "elf/image.hpp"
#include "elf/linked_table.hpp"
#include "surefoot/special_ranges.hpp"

namespace surefoot::tools {

class SpecialTable {
 public:
  /// What the program declares: `.surefoot.ranges`.
  explicit SpecialTable(const Image& image);
  /// What `surefoot frames` has found in it: `.surefoot.calls`.
  [[nodiscard]] static SpecialTable of_calls(const Image& image);
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
  /// True for code that an exception or a jump enters with something else than a call leaves. Not for the calls of kind
  /// call_without_record: that code is ordinary.
  [[nodiscard]] bool is_special_code(std::uint64_t pc) const;
  /// The bounds of an entry, which may be a faulty one. Requires index < entry_count().
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> bounds(std::size_t index) const;

 private:
  SpecialTable(const Image& image, const std::optional<TablePlace>& place);
  void read(const Image& image, std::uint64_t start, std::uint64_t size);

  std::vector<SpecialRangeEntry> entries_;
  std::uint64_t address_ = 0;
  std::size_t odd_bytes_ = 0;
  bool is_present_ = false;
  bool is_in_file_ = false;
  std::expected<SpecialRanges, SpecialRangesError> check_ = SpecialRanges::none();
  SpecialRanges ranges_ = SpecialRanges::none();
};

/// The bytes of a table of these ranges, all of one kind and without a rule, to lie at `address`. Ranges by rising
/// start. An error if one is more than 2 GiB away.
[[nodiscard]] std::expected<std::vector<std::byte>, std::string> write_special_ranges(
    const std::vector<AddressRange>& ranges, SpecialKind kind, std::uint64_t address);

}  // namespace surefoot::tools
