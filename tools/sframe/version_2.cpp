// SPDX-License-Identifier: MIT
#include "sframe/version_2.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "elf/byte_reader.hpp"

namespace surefoot::tools {
namespace {

// The format's numbers [sframe-2].
constexpr std::uint64_t magic = 0xdee2;
constexpr std::uint64_t magic_of_other_byte_order = 0xe2de;
constexpr std::uint64_t known_flags = 0x7;
constexpr std::uint64_t flag_start_is_field_relative = 0x4;
constexpr std::uint64_t abi_aarch64_little_endian = 2;
constexpr std::size_t header_size = 28;
constexpr std::size_t entry_size = 20;

constexpr std::size_t instruction_size = 4;

struct Entry {
  std::uint64_t start = 0;
  std::uint64_t size = 0;
  std::uint64_t rows_at = 0;  // from the beginning of the row part
  std::uint64_t row_count = 0;
  unsigned address_width = 0;  // in bytes
  bool is_pattern = false;     // rows hold for each block of block_size bytes
  bool has_key_b = false;
  std::uint64_t block_size = 0;
  [[nodiscard]] std::uint64_t end() const { return start + size; }
};

struct PlacedRow {
  std::uint64_t offset = 0;
  std::optional<Row> row;
};

class Reader {
 public:
  Reader(std::span<const std::byte> section, std::uint64_t address, std::span<const CodeStretch> code)
      : section_(section), address_(address), code_(code) {}

  std::expected<SframeVersion2, std::string> read() {
    if (std::optional<std::string> error = read_header()) return std::unexpected(std::move(*error));
    std::vector<Entry> entries = read_index();
    std::ranges::sort(entries, {}, [](const Entry& entry) { return std::pair(entry.start, entry.size); });
    std::uint64_t previous_end = 0;
    for (const Entry& entry : entries) {
      if (entry.start < previous_end || !add(entry)) {
        ++table_.unusable;
        continue;
      }
      previous_end = entry.end();
    }
    return std::move(table_);
  }

 private:
  std::optional<std::string> read_header() {
    ByteReader reader(section_);
    const std::uint64_t found = reader.unsigned_number(2);
    const std::uint64_t version = reader.unsigned_number(1);
    const std::uint64_t flags = reader.unsigned_number(1);
    if (reader.has_failed()) return "truncated: the section ends in its header";
    if (found == magic_of_other_byte_order) return "in the other byte order";
    if (found != magic) return "no SFrame section";
    if (version == 1) return "SFrame version 1, of GNU binutils 2.40: leave out --from-sframe2, and derive a table";
    if (version == 3) return "SFrame version 3 already: nothing is to be converted";
    if (version != 2) return fmt::format("SFrame version {}, which nobody here knows", version);
    if ((flags & ~known_flags) != 0) return fmt::format("unknown flags {:#x}", flags);
    is_start_field_relative_ = (flags & flag_start_is_field_relative) != 0;
    if (reader.unsigned_number(1) != abi_aarch64_little_endian) return "not for AArch64, little-endian";
    // On AArch64 both places are told by each row.
    if (reader.unsigned_number(2) != 0) return "places of x29 or x30 that are the same in all frames: not on AArch64";
    const std::uint64_t headers_end = header_size + reader.unsigned_number(1);
    table_.entries = static_cast<std::size_t>(reader.unsigned_number(4));
    reader.skip(4);  // the number of all rows
    const std::uint64_t rows_size = reader.unsigned_number(4);
    index_at_ = headers_end + reader.unsigned_number(4);
    const std::uint64_t rows_at = headers_end + reader.unsigned_number(4);
    // Sums and products of 32-bit numbers: they cannot wrap.
    const bool is_whole = !reader.has_failed() && index_at_ + table_.entries * entry_size <= section_.size() &&
                          rows_at + rows_size <= section_.size();
    if (!is_whole) return "truncated: the section ends before what its header tells of";
    rows_ = section_.subspan(static_cast<std::size_t>(rows_at), static_cast<std::size_t>(rows_size));
    return std::nullopt;
  }

  std::vector<Entry> read_index() {
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < table_.entries; ++i) {
      const std::size_t at = static_cast<std::size_t>(index_at_) + i * entry_size;
      ByteReader reader(section_.subspan(at, entry_size));
      Entry entry;
      const std::uint64_t base = is_start_field_relative_ ? address_ + at : address_;
      entry.start = base + static_cast<std::uint64_t>(reader.signed_number(4));
      entry.size = reader.unsigned_number(4);
      entry.rows_at = reader.unsigned_number(4);
      entry.row_count = reader.unsigned_number(4);
      const std::uint64_t info = reader.unsigned_number(1);
      entry.block_size = reader.unsigned_number(1);
      const std::uint64_t width = info & 0xf;
      constexpr std::uint64_t max_width = 2;
      entry.address_width = width <= max_width ? 1U << width : 0;
      entry.is_pattern = (info & 0x10) != 0;
      entry.has_key_b = (info & 0x20) != 0;
      if (is_usable(entry)) {
        entries.push_back(entry);
      } else {
        ++table_.unusable;
      }
    }
    return entries;
  }

  // What the image has no code for would need memory for as much as an entry claims.
  bool is_usable(const Entry& entry) const {
    const bool is_whole = entry.start % instruction_size == 0 && entry.size % instruction_size == 0 &&
                          entry.size != 0 && entry.address_width != 0;
    if (!is_whole || (entry.is_pattern && entry.block_size == 0)) return false;
    const auto above = std::ranges::upper_bound(code_, entry.start, {}, &CodeStretch::start);
    if (above == code_.begin()) return false;
    const CodeStretch& stretch = *(above - 1);
    return entry.start < stretch.end && entry.size <= stretch.end - entry.start;
  }

  // False if its rows are damaged.
  bool add(const Entry& entry) {
    const std::optional<std::vector<PlacedRow>> rows = read_rows(entry);
    if (!rows) return false;
    FunctionRows function{.start = entry.start, .end = entry.end(), .rows = {}, .has_key_b = entry.has_key_b};
    const std::uint64_t period = entry.is_pattern ? entry.block_size : entry.size;
    for (std::uint64_t at = 0; at < entry.size; at += instruction_size) {
      const auto above = std::ranges::upper_bound(*rows, at % period, {}, &PlacedRow::offset);
      function.rows.push_back(above == rows->begin() ? std::nullopt : (above - 1)->row);
    }
    table_.functions.push_back(std::move(function));
    return true;
  }

  // By rising offset. Offsets that do not rise end it, so that no entry takes more time than its code is long.
  std::optional<std::vector<PlacedRow>> read_rows(const Entry& entry) {
    if (entry.rows_at > rows_.size()) return std::nullopt;
    ByteReader reader(rows_.subspan(static_cast<std::size_t>(entry.rows_at)));
    const std::uint64_t limit = entry.is_pattern ? entry.block_size : entry.size;
    std::vector<PlacedRow> rows;
    for (std::uint64_t i = 0; i < entry.row_count; ++i) {
      PlacedRow placed;
      placed.offset = reader.unsigned_number(entry.address_width);
      const bool is_in_order = placed.offset < limit && (rows.empty() || placed.offset > rows.back().offset);
      if (reader.has_failed() || !is_in_order || !read_row(reader, placed.row)) return std::nullopt;
      rows.push_back(placed);
    }
    return rows;
  }

  // False if it is damaged. Empty if version 2 does not say what it means.
  bool read_row(ByteReader& reader, std::optional<Row>& row) {
    const std::uint64_t info = reader.unsigned_number(1);
    const std::uint64_t words = info >> 1 & 0xf;
    const std::uint64_t width = info >> 5 & 3;
    constexpr std::uint64_t undefined_width = 3;
    if (width == undefined_width) return false;
    const auto word = [&] { return static_cast<std::int32_t>(reader.signed_number(1U << width)); };
    Row read{.base = (info & 1) != 0 ? Row::Base::sp : Row::Base::fp, .is_signed = (info & 0x80) != 0};
    constexpr std::uint64_t max_words = 3;
    if (words == 0 || words > max_words) {
      ++table_.undefined_rows;
      reader.skip(words << width);
      return !reader.has_failed();
    }
    read.cfa = word();
    if (words > 1) {
      read.where = Row::Where::lr_on_stack;
      read.ra = word();
    }
    if (words > 2) {
      read.where = Row::Where::stack;
      read.fp = word();
    }
    if (is_usable(read)) {
      row = read;
    } else {
      ++table_.undefined_rows;
    }
    return !reader.has_failed();
  }

  // x29 cannot be the base of the frame and the caller's at once, and a slot has to be at a distance that can be said.
  static bool is_usable(const Row& row) {
    if (row.base == Row::Base::fp && row.where != Row::Where::stack) return false;
    const auto fits = [&row](std::int32_t offset) {
      std::int32_t from_base = 0;
      return !__builtin_add_overflow(row.cfa, offset, &from_base);
    };
    return fits(row.ra) && fits(row.fp);
  }

  std::span<const std::byte> section_;
  std::uint64_t address_;
  std::span<const CodeStretch> code_;
  bool is_start_field_relative_ = false;
  std::uint64_t index_at_ = 0;
  std::span<const std::byte> rows_;
  SframeVersion2 table_;
};

}  // namespace

std::expected<SframeVersion2, std::string> read_sframe_version_2(std::span<const std::byte> section,
                                                                 std::uint64_t address,
                                                                 std::span<const CodeStretch> code) {
  return Reader(section, address, code).read();
}

}  // namespace surefoot::tools
