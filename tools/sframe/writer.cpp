// SPDX-License-Identifier: MIT
#include "sframe/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <type_traits>

namespace surefoot::tools {
namespace {

// The format's numbers [sframe].
constexpr std::uint16_t magic = 0xdee2;
constexpr std::uint8_t version_3 = 3;
constexpr std::uint8_t flag_sorted = 0x1;
constexpr std::uint8_t flag_start_is_field_relative = 0x4;
constexpr std::uint8_t abi_aarch64_little_endian = 2;
constexpr std::size_t header_size = sframe_index_at;
constexpr std::size_t attribute_size = 5;
constexpr std::uint8_t attribute_key_b = 0x20;
constexpr std::uint8_t row_base_is_sp = 0x1;
constexpr unsigned row_word_count_shift = 1;
constexpr unsigned row_word_width_shift = 5;
constexpr std::uint8_t row_is_signed = 0x80;

constexpr std::size_t instruction_size = 4;
constexpr std::size_t max_rows = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint64_t max_u32 = std::numeric_limits<std::uint32_t>::max();
// What the index can say, in whole instructions.
constexpr std::uint64_t max_size = max_u32 - max_u32 % instruction_size;

using Bytes = std::vector<std::byte>;
using Rules = std::span<const std::optional<Row>>;

template <typename Integer>
void append(Bytes& bytes, Integer value) {
  auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
  for (std::size_t i = 0; i < sizeof(bits); ++i) {
    bytes.push_back(static_cast<std::byte>(bits >> (8 * i) & 0xff));
  }
}

/// The low 1 << width bytes.
void append_narrow(Bytes& bytes, std::uint32_t value, unsigned width) {
  for (unsigned i = 0; i < 1U << width; ++i) {
    bytes.push_back(static_cast<std::byte>(value >> (8 * i) & 0xff));
  }
}

template <typename Narrow>
bool is_in(std::int32_t value) {
  return value >= std::numeric_limits<Narrow>::min() && value <= std::numeric_limits<Narrow>::max();
}

/// The log2 of the bytes that the number needs.
unsigned signed_width(std::int32_t value) { return is_in<std::int8_t>(value) ? 0 : is_in<std::int16_t>(value) ? 1 : 2; }
unsigned unsigned_width(std::uint32_t value) { return value <= 0xff ? 0 : value <= 0xffff ? 1 : 2; }

/// A stretch of instructions that all have a rule: one entry of the index.
struct Stretch {
  std::uint64_t start = 0;
  Rules rules;
  bool has_key_b = false;
};

/// A row and where it begins to hold, from the stretch's start.
struct PlacedRow {
  std::uint32_t offset = 0;
  const Row* row = nullptr;
};

/// True if the table says the same for both: without a caller, the numbers of a row mean nothing.
bool is_same(const Row& a, const Row& b) {
  return a == b || (a.where == Row::Where::nowhere && b.where == Row::Where::nowhere);
}

/// True if a new row begins at the instruction.
bool begins_row(Rules rules, std::size_t at) { return at == 0 || !is_same(*rules[at], *rules[at - 1]); }

std::vector<PlacedRow> merge_rows(Rules rules) {
  std::vector<PlacedRow> rows;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (begins_row(rules, i)) {
      rows.push_back({.offset = static_cast<std::uint32_t>(i * instruction_size), .row = &*rules[i]});
    }
  }
  return rows;
}

void append_row(Bytes& bytes, const PlacedRow& placed, unsigned address_width) {
  static constexpr Row no_caller{.where = Row::Where::nowhere};
  const Row& row = placed.row->where == Row::Where::nowhere ? no_caller : *placed.row;
  std::vector<std::int32_t> words;
  if (row.where != Row::Where::nowhere) {
    words.push_back(row.cfa);
  }
  if (row.where == Row::Where::stack || row.where == Row::Where::lr_on_stack) {
    words.push_back(row.ra);
  }
  if (row.where == Row::Where::stack) {
    words.push_back(row.fp);
  }
  unsigned width = 0;
  for (const std::int32_t word : words) {
    width = std::max(width, signed_width(word));
  }
  append_narrow(bytes, placed.offset, address_width);
  append(bytes, static_cast<std::uint8_t>((row.base == Row::Base::sp ? row_base_is_sp : 0) |
                                          words.size() << row_word_count_shift | width << row_word_width_shift |
                                          (row.is_signed ? row_is_signed : 0)));
  for (const std::int32_t word : words) {
    append_narrow(bytes, static_cast<std::uint32_t>(word), width);
  }
}

/// A stretch's attribute and its rows. Nothing in it says where the stretch is, or where it ends.
Bytes describe(std::span<const PlacedRow> rows, bool has_key_b) {
  if (rows.size() == 1 && rows.front().row->where == Row::Where::nowhere) {
    return Bytes(attribute_size);  // no rows: an outermost function [sframe]
  }
  Bytes bytes;
  const unsigned address_width = unsigned_width(rows.back().offset);
  append(bytes, static_cast<std::uint16_t>(rows.size()));
  append(bytes, static_cast<std::uint8_t>(address_width | (has_key_b ? attribute_key_b : 0)));  // from the start
  append(bytes, std::uint8_t{0});                                                               // the default type
  append(bytes, std::uint8_t{0});                                                               // no repeated block
  for (const PlacedRow& row : rows) {
    append_row(bytes, row, address_width);
  }
  return bytes;
}

/// As the description says it.
std::size_t row_count(const Bytes& description) {
  return std::to_integer<std::size_t>(description[0]) | std::to_integer<std::size_t>(description[1]) << 8;
}

/// How many instructions, from the first on, one entry can describe: as long as there are rules, and both counts fit.
std::size_t stretch_length(Rules rules) {
  std::size_t rows = 0;
  std::size_t length = 0;
  while (length < rules.size() && rules[length] && length < max_size / instruction_size) {
    if (begins_row(rules, length)) ++rows;
    if (rows > max_rows) {
      break;
    }
    ++length;
  }
  return length;
}

void split(const FunctionRows& function, std::vector<Stretch>& stretches) {
  const Rules rules(function.rows);
  for (std::size_t at = 0; at < rules.size();) {
    const std::size_t length = stretch_length(rules.subspan(at));
    if (length == 0) {
      ++at;
      continue;
    }
    stretches.push_back({.start = function.start + at * instruction_size,
                         .rules = rules.subspan(at, length),
                         .has_key_b = function.has_key_b});
    at += length;
  }
}

/// Why the function cannot be written behind one that ends there, or nothing.
std::optional<std::string> find_fault(const FunctionRows& function, std::uint64_t previous_end) {
  if (function.start < previous_end || function.end < function.start) {
    return fmt::format("the function at {:#x} is not in order", function.start);
  }
  const std::uint64_t size = function.end - function.start;
  if (function.start % instruction_size != 0 || size % instruction_size != 0) {
    return fmt::format("the function at {:#x} does not consist of whole instructions", function.start);
  }
  if (function.rows.size() != size / instruction_size) {
    return fmt::format("the function at {:#x} has {} rules for {} instructions", function.start, function.rows.size(),
                       size / instruction_size);
  }
  return std::nullopt;
}

struct IsBefore {
  bool operator()(const Bytes& a, const Bytes& b) const { return std::ranges::lexicographical_compare(a, b); }
};

/// The part of the section behind the index: descriptions, each one once.
class RowPart {
 public:
  /// Where the description of the stretch begins. Equal ones are the same bytes: widths follow from the rows.
  std::size_t add(const Stretch& stretch, SframeStatistics& statistics) {
    Bytes description = describe(merge_rows(stretch.rules), stretch.has_key_b);
    const auto [place, is_new] = places_.try_emplace(std::move(description), bytes_.size());
    if (is_new) {
      bytes_.insert(bytes_.end(), place->first.begin(), place->first.end());
      statistics.rows += row_count(place->first);
    } else {
      ++statistics.shared_descriptions;
    }
    return place->second;
  }

  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  std::map<Bytes, std::size_t, IsBefore> places_;
};

}  // namespace

struct SframeWriter::Parts {
  std::uint64_t address = 0;
  std::uint64_t previous_end = 0;
  std::optional<std::string> fault;  // of the first function that cannot be written
  SframeStatistics statistics;
  Bytes index;
  RowPart row_part;
};

SframeWriter::SframeWriter(std::uint64_t address) : parts_(std::make_unique<Parts>()) { parts_->address = address; }
SframeWriter::SframeWriter(SframeWriter&&) noexcept = default;
SframeWriter::~SframeWriter() = default;

void SframeWriter::add(const FunctionRows& function) {
  if (parts_->fault) return;
  parts_->fault = find_fault(function, parts_->previous_end);
  if (parts_->fault) return;
  parts_->previous_end = function.end;
  std::vector<Stretch> stretches;
  split(function, stretches);
  for (const Stretch& stretch : stretches) {
    Bytes& index = parts_->index;
    const std::uint64_t field = parts_->address + header_size + index.size();
    const std::uint64_t data = parts_->row_part.add(stretch, parts_->statistics);
    if (data > max_u32) return;  // refused in the end
    ++parts_->statistics.functions;
    append(index, static_cast<std::int64_t>(stretch.start - field));
    append(index, static_cast<std::uint32_t>(stretch.rules.size() * instruction_size));
    append(index, static_cast<std::uint32_t>(data));
  }
}

std::expected<SframeSection, std::string> SframeWriter::finish() {
  if (parts_->fault) return std::unexpected(*parts_->fault);
  const auto& [address, previous_end, fault, statistics, index, row_part] = *parts_;
  const std::uint64_t size = header_size + index.size() + row_part.bytes().size();
  if (index.size() > max_u32 || row_part.bytes().size() > max_u32) {
    return std::unexpected("the frame table is larger than 4 GiB");
  }
  if (address + size < address) {
    return std::unexpected(fmt::format("there is no room for a frame table of {} bytes at {:#x}", size, address));
  }

  Bytes bytes;
  bytes.reserve(size);
  append(bytes, magic);
  append(bytes, version_3);
  append(bytes, static_cast<std::uint8_t>(flag_sorted | flag_start_is_field_relative));
  append(bytes, abi_aarch64_little_endian);
  append(bytes, std::uint8_t{0});  // fixed offsets of the frame pointer and the return address: not on AArch64
  append(bytes, std::uint8_t{0});
  append(bytes, std::uint8_t{0});  // no auxiliary header
  append(bytes, static_cast<std::uint32_t>(statistics.functions));
  append(bytes, static_cast<std::uint32_t>(statistics.rows));
  append(bytes, static_cast<std::uint32_t>(row_part.bytes().size()));
  append(bytes, std::uint32_t{0});
  append(bytes, static_cast<std::uint32_t>(index.size()));
  bytes.insert(bytes.end(), index.begin(), index.end());
  bytes.insert(bytes.end(), row_part.bytes().begin(), row_part.bytes().end());
  return SframeSection{.bytes = std::move(bytes), .statistics = statistics};
}

std::expected<SframeSection, std::string> write_sframe(const std::vector<FunctionRows>& functions,
                                                       std::uint64_t address) {
  SframeWriter writer(address);
  for (const FunctionRows& function : functions) writer.add(function);
  return writer.finish();
}

}  // namespace surefoot::tools
