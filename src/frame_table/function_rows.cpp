// SPDX-License-Identifier: MIT
//
// Decoding the rows of one function, and what they are as a rule.
#include "function_rows.hpp"

#include <limits>

#include "format.hpp"

namespace surefoot::detail::sframe {
namespace {

// A row as it stands: its words are at words_at.
struct Row {
  std::uint64_t start;
  unsigned info;
  std::size_t words_at;

  [[nodiscard]] std::size_t word_count() const noexcept { return info >> row::word_count_shift & row::word_count_mask; }
  [[nodiscard]] unsigned width_code() const noexcept { return info >> row::word_width_shift & row::word_width_mask; }
  [[nodiscard]] std::size_t word_width() const noexcept { return std::size_t{1} << width_code(); }
};

// Requires the row to have it.
std::int64_t word_of(std::span<const std::byte> rows, const Row& row, std::size_t index) noexcept {
  const std::size_t at = row.words_at + index * row.word_width();
  switch (row.width_code()) {
    case 0: return static_cast<std::int8_t>(load(rows, at, 1));
    case 1: return static_cast<std::int16_t>(load(rows, at, 2));
    default: return static_cast<std::int32_t>(load(rows, at, 4));
  }
}

bool is_offset(std::int64_t value) noexcept {
  return value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max();
}

// A row's words are the CFA from its base, then the return address and the caller's fp from the CFA. A word that is
// not there is of a register that still holds its value; without any, nothing is returned to.
Rule rule_of(std::span<const std::byte> rows, const Row& row) noexcept {
  const std::size_t count = row.word_count();
  if (count == 0) return {.pc = From::final_record};
  if (count > 3) return {};
  const Base base = (row.info & row::is_sp_based) != 0 ? Base::sp : Base::fp;
  // The caller's fp cannot be the base of this frame at the same time: where the caller keeps it is the caller's own.
  if (base == Base::fp && count != 3) return {};
  const std::int64_t cfa = word_of(rows, row, 0);
  Rule rule{.pc = From::link_register, .base = base, .cfa_offset = static_cast<std::int32_t>(cfa)};
  if (count == 1) return rule;
  const std::int64_t pc = cfa + word_of(rows, row, 1);
  const std::int64_t fp = count == 3 ? cfa + word_of(rows, row, 2) : 0;
  if (!is_offset(pc) || !is_offset(fp)) return {};
  rule.pc = count == 3 ? From::saved_pair : From::saved_pc;
  rule.offset = static_cast<std::int32_t>(pc);
  rule.fp_offset = static_cast<std::int32_t>(fp);
  return rule;
}

}  // namespace

Rule find_rule(std::span<const std::byte> rows, const Place& place) noexcept {
  if (!has(rows, place.data_at, attribute::size)) return {};
  const std::span<const std::byte> data = rows.subspan(static_cast<std::size_t>(place.data_at));
  const std::uint64_t count = load(data, attribute::row_count_at, 2);
  const auto info = static_cast<unsigned>(load(data, attribute::info_at, 1));
  const auto type = static_cast<unsigned>(load(data, attribute::type_at, 1));
  const std::uint64_t block_size = load(data, attribute::block_size_at, 1);

  // What a newer producer may mean by it is not known. A signal frame's pc is exact, and no kernel returns through one.
  const unsigned width_code = info & attribute::address_width_mask;
  if (type != attribute::type_default || width_code > attribute::max_address_width) return {};
  if ((info & (attribute::unknown_info | attribute::is_signal_frame)) != 0) return {};
  if (count == 0) return {.pc = From::final_record};

  std::uint64_t end = place.function_size;
  std::uint64_t offset = place.offset;
  if ((info & attribute::is_masked) != 0) {
    if (block_size == 0) return {};
    end = block_size;
    offset %= block_size;
  }

  const std::size_t address_width = std::size_t{1} << width_code;
  Row found{};
  bool is_found = false;
  std::uint64_t lowest_start = 0;  // that the next row may have
  std::size_t at = attribute::size;
  // Bounded by the count, which is below 2^16, and by the bytes: each row takes two at least.
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!has(data, at, address_width + 1)) return {};
    const Row row{.start = load(data, at, address_width),
                  .info = static_cast<unsigned>(load(data, at + address_width, 1)),
                  .words_at = at + address_width + 1};
    const std::size_t words_size = row.word_count() * row.word_width();
    if (row.width_code() > row::max_word_width || !has(data, row.words_at, words_size)) return {};
    if (row.start < lowest_start || row.start >= end) return {};
    if (row.start <= offset) {
      found = row;
      is_found = true;
    }
    lowest_start = row.start + 1;
    at = row.words_at + words_size;
  }
  return is_found ? rule_of(data, found) : Rule{};
}

}  // namespace surefoot::detail::sframe
