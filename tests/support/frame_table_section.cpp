// SPDX-License-Identifier: MIT
//
// The bytes of a frame table.
#include "support/frame_table_section.hpp"

#include <algorithm>
#include <bit>

namespace surefoot::testing {
namespace {

void append(SectionBytes& bytes, std::size_t width, std::uint64_t value) {
  bytes.resize(bytes.size() + width);
  put(bytes, bytes.size() - width, width, value);
}

// 0, 1, 2, 3 for 1, 2, 4, 8 bytes.
unsigned code_of(unsigned width) { return static_cast<unsigned>(std::countr_zero(width)); }

void append_function(SectionBytes& rows, const SectionFunction& function) {
  append(rows, 2, function.rows.size());
  append(rows, 1, code_of(function.address_width) | function.info);
  append(rows, 1, function.type);
  append(rows, 1, function.block_size);
  for (const SectionRow& row : function.rows) {
    append(rows, function.address_width, row.start);
    const auto count = static_cast<unsigned>(row.words.size());
    append(rows, 1,
           (row.base == Base::sp ? 1U : 0U) | count << 1 | code_of(row.word_width) << 5 | (row.is_signed ? 0x80U : 0U));
    for (const std::int32_t word : row.words) append(rows, row.word_width, static_cast<std::uint64_t>(word));
  }
}

}  // namespace

void put(SectionBytes& bytes, std::size_t at, std::size_t width, std::uint64_t value) {
  for (std::size_t i = 0; i < width; ++i) bytes.at(at + i) = static_cast<std::byte>(i < 8 ? value >> (8 * i) : 0);
}

SectionBytes make_section(const std::vector<SectionFunction>& functions, const SectionForm& form) {
  SectionBytes rows;
  std::vector<std::size_t> data_at;
  std::size_t row_count = 0;
  for (const SectionFunction& function : functions) {
    data_at.push_back(rows.size());
    append_function(rows, function);
    row_count += function.rows.size();
  }
  const std::size_t headers_end = header_size + form.auxiliary_size;
  const std::size_t index_size = 16 * functions.size();
  std::size_t index_at = headers_end + form.gap_before_index;
  std::size_t rows_at = index_at + index_size + form.gap_before_rows;
  if (form.is_rows_first) {
    rows_at = headers_end + form.gap_before_rows;
    index_at = rows_at + rows.size() + form.gap_before_index;
  }

  SectionBytes bytes(std::max(index_at + index_size, rows_at + rows.size()), std::byte{0xa5});
  put(bytes, 0x00, 2, 0xdee2);
  put(bytes, 0x02, 1, 3);
  put(bytes, 0x03, 1, form.flags);
  put(bytes, 0x04, 1, 2);
  put(bytes, 0x05, 2, 0);
  put(bytes, 0x07, 1, form.auxiliary_size);
  put(bytes, 0x08, 4, functions.size());
  put(bytes, 0x0c, 4, row_count);
  put(bytes, 0x10, 4, rows.size());
  put(bytes, 0x14, 4, index_at - headers_end);
  put(bytes, 0x18, 4, rows_at - headers_end);
  for (std::size_t i = 0; i < functions.size(); ++i) {
    const std::size_t at = index_at + 16 * i;
    const bool is_field_relative = (form.flags & flag_field_relative) != 0;
    put(bytes, at, 8, functions[i].start - (form.address + (is_field_relative ? at : 0)));
    put(bytes, at + 8, 4, functions[i].size);
    put(bytes, at + 12, 4, data_at[i]);
  }
  std::ranges::copy(rows, bytes.begin() + static_cast<std::ptrdiff_t>(rows_at));
  return bytes;
}

GuardedBytes::GuardedBytes(std::span<const std::byte> bytes)
    : bytes_(std::make_unique<std::byte[]>(bytes.size())), size_(bytes.size()) {
  std::ranges::copy(bytes, bytes_.get());
}

}  // namespace surefoot::testing
