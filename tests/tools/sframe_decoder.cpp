// SPDX-License-Identifier: MIT
#include "sframe_decoder.hpp"

#include <stdexcept>

namespace surefoot::tools::testing {
namespace {

void require(bool is_true, const char* what) {
  if (!is_true) {
    throw std::runtime_error(what);
  }
}

/// Reads numbers one after the other.
class Input {
 public:
  Input(std::span<const std::byte> bytes, std::size_t at) : bytes_(bytes), at_(at) {}

  std::uint64_t unsigned_number(std::size_t size) {
    require(at_ <= bytes_.size() && size <= bytes_.size() - at_, "truncated");
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;) {
      value = value << 8 | std::to_integer<std::uint64_t>(bytes_[at_ + i]);
    }
    at_ += size;
    return value;
  }

  std::int64_t signed_number(std::size_t size) {
    const std::uint64_t sign = std::uint64_t{1} << (8 * size - 1);
    return static_cast<std::int64_t>((unsigned_number(size) ^ sign) - sign);
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_;
};

Row decode_row(Input& input) {
  const std::uint64_t info = input.unsigned_number(1);
  const std::uint64_t words = info >> 1 & 0xf;
  const std::uint64_t width = info >> 5 & 3;
  require(width <= 2, "width of data");
  const auto word = [&] { return static_cast<std::int32_t>(input.signed_number(std::size_t{1} << width)); };
  Row row;
  row.base = (info & 1) != 0 ? Row::Base::sp : Row::Base::fp;
  row.is_signed = (info & 0x80) != 0;
  if (words == 0) {
    row.where = Row::Where::nowhere;
    return row;
  }
  require(words <= 3, "number of data words");
  row.cfa = word();
  if (words >= 2) {
    row.where = Row::Where::lr_on_stack;
    row.ra = word();
  }
  if (words == 3) {
    row.where = Row::Where::stack;
    row.fp = word();
  }
  return row;
}

std::vector<DecodedRow> decode_rows(Input input, std::uint64_t start, std::uint64_t size) {
  const std::uint64_t count = input.unsigned_number(2);
  const std::uint64_t info = input.unsigned_number(1);
  require(info <= 2, "address width, or a kind of function that is not expected");
  require(input.unsigned_number(1) == 0, "type of function");
  require(input.unsigned_number(1) == 0, "block size");
  if (count == 0) {
    return {{.start = start, .row = {.where = Row::Where::nowhere}}};
  }
  std::vector<DecodedRow> rows;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t offset = input.unsigned_number(std::size_t{1} << info);
    require(offset < size, "a row behind its function");
    require(i == 0 ? offset == 0 : start + offset > rows.back().start, "order of rows");
    rows.push_back({.start = start + offset, .row = decode_row(input)});
  }
  return rows;
}

}  // namespace

std::optional<Row> DecodedTable::find(std::uint64_t pc) const {
  for (const DecodedFunction& function : functions) {
    if (pc < function.start || pc - function.start >= function.size) {
      continue;
    }
    std::optional<Row> found;
    for (const DecodedRow& row : function.rows) {
      if (row.start <= pc) {
        found = row.row;
      }
    }
    return found;
  }
  return std::nullopt;
}

DecodedTable decode_sframe(std::span<const std::byte> section, std::uint64_t address) {
  Input header(section, 0);
  require(header.unsigned_number(2) == 0xdee2, "magic number");
  require(header.unsigned_number(1) == 3, "version");
  require(header.unsigned_number(1) == 0x5, "flags");
  require(header.unsigned_number(1) == 2, "architecture");
  require(header.unsigned_number(3) == 0, "fixed offsets and auxiliary header");
  const std::uint64_t functions = header.unsigned_number(4);
  DecodedTable table;
  table.header_rows = static_cast<std::uint32_t>(header.unsigned_number(4));
  const std::uint64_t row_bytes = header.unsigned_number(4);
  const std::uint64_t index = 28 + header.unsigned_number(4);
  const std::uint64_t row_part = 28 + header.unsigned_number(4);
  require(row_part == index + 16 * functions, "place of the rows");
  require(section.size() == row_part + row_bytes, "size of the section");
  std::uint64_t previous_end = 0;
  for (std::uint64_t i = 0; i < functions; ++i) {
    const std::uint64_t at = index + 16 * i;
    Input entry(section, at);
    DecodedFunction function;
    function.start = address + at + static_cast<std::uint64_t>(entry.signed_number(8));
    function.size = entry.unsigned_number(4);
    function.data = static_cast<std::uint32_t>(entry.unsigned_number(4));
    require(function.size > 0 && function.start >= previous_end, "order of functions");
    previous_end = function.start + function.size;
    function.rows = decode_rows(Input(section, row_part + function.data), function.start, function.size);
    table.functions.push_back(function);
  }
  return table;
}

}  // namespace surefoot::tools::testing
