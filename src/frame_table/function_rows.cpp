// SPDX-License-Identifier: MIT
//
// Decoding the rows of one function, and what they are as a rule.
#include "function_rows.hpp"

#include "format.hpp"
#include "surefoot/config.hpp"

namespace surefoot::detail::sframe {
namespace {

// A row as it stands.
struct Row {
  const std::byte* words;
  std::uint32_t start;
  std::uint8_t info;

  [[nodiscard]] unsigned word_count() const noexcept { return info >> row::word_count_shift & row::word_count_mask; }
  [[nodiscard]] unsigned width_code() const noexcept { return info >> row::word_width_shift & row::word_width_mask; }
  [[nodiscard]] std::size_t words_size() const noexcept { return std::size_t{word_count()} << width_code(); }
};

// The number in 1, 2 or 4 bytes, as the code of its width says: not aligned.
std::uint32_t load_number(const std::byte* at, unsigned width_code) noexcept {
  auto value = std::to_integer<std::uint32_t>(at[0]);
  if (width_code == 0) [[likely]]
    return value;
  value |= std::to_integer<std::uint32_t>(at[1]) << 8;
  if (width_code == 1) return value;
  return value | std::to_integer<std::uint32_t>(at[2]) << 16 | std::to_integer<std::uint32_t>(at[3]) << 24;
}

// Requires the row to have the word.
std::int64_t word_of(const Row& row, unsigned index) noexcept {
  const unsigned width_code = row.width_code();
  const std::uint32_t value = load_number(row.words + (std::size_t{index} << width_code), width_code);
  switch (width_code) {
    case 0: return static_cast<std::int8_t>(value);
    case 1: return static_cast<std::int16_t>(value);
    default: return static_cast<std::int32_t>(value);
  }
}

bool is_offset(std::int64_t value) noexcept { return value == static_cast<std::int32_t>(value); }

// A row's words are the CFA from its base, then the return address and the caller's fp from the CFA. A word that is
// not there is of a register that still holds its value; without any, nothing is returned to.
Rule rule_of(const Row& row) noexcept {
  const unsigned count = row.word_count();
  if (count == 0) return {.pc = From::final_record};
  if (count > 3) return {};
  const Base base = (row.info & row::is_sp_based) != 0 ? Base::sp : Base::fp;
  // The caller's fp cannot be the base of this frame at the same time: where the caller keeps it is the caller's own.
  if (base == Base::fp && count != 3) return {};
  const std::int64_t cfa = word_of(row, 0);
  Rule rule{.pc = From::link_register, .base = base, .cfa_offset = static_cast<std::int32_t>(cfa)};
  if (count == 1) return rule;
  const std::int64_t pc = cfa + word_of(row, 1);
  const std::int64_t fp = count == 3 ? cfa + word_of(row, 2) : 0;
  if (!is_offset(pc) || !is_offset(fp)) return {};
  rule.pc = count == 3 ? From::saved_pair : From::saved_pc;
  rule.offset = static_cast<std::int32_t>(pc);
  rule.fp_offset = static_cast<std::int32_t>(fp);
  return rule;
}

// Rows as they stand, one behind the other.
struct Rows {
  const std::byte* at;
  const std::byte* end;
  std::uint32_t count;
  unsigned width_code;  // of their start addresses

  [[nodiscard]] std::size_t head_size() const noexcept { return (std::size_t{1} << width_code) + 1; }
  // Requires it to be inside.
  [[nodiscard]] Row row(const std::byte* head) const noexcept {
    return {.words = head + head_size(),
            .start = load_number(head, width_code),
            .info = std::to_integer<std::uint8_t>(head[head_size() - 1])};
  }
};

// Where the row for `offset` is, which is below `limit`; null if there is none, or if any is not as it has to be.
SUREFOOT_STEP const std::byte* find_row(const Rows& rows, std::uint64_t offset, std::uint64_t limit) noexcept {
  const std::byte* found = nullptr;
  const std::byte* at = rows.at;
  std::uint64_t lowest_start = 0;  // that the next row may have
  // Bounded by the count, which is below 2^16, and by the bytes: each row takes two at least.
  for (std::uint32_t left = rows.count; left != 0; --left) {
    if (static_cast<std::size_t>(rows.end - at) < rows.head_size()) return nullptr;
    const Row row = rows.row(at);
    const std::size_t words_size = row.words_size();
    if (row.width_code() > row::max_word_width) return nullptr;
    if (static_cast<std::size_t>(rows.end - row.words) < words_size) return nullptr;
    if (row.start < lowest_start || row.start >= limit) return nullptr;
    if (row.start <= offset) found = at;
    lowest_start = std::uint64_t{row.start} + 1;
    at = row.words + words_size;
  }
  return found;
}

}  // namespace

Rule find_rule(std::span<const std::byte> rows, const Place& place) noexcept {
  if (!has(rows, place.data_at, attribute::size)) return {};
  const std::byte* const at = rows.data() + place.data_at;
  const std::byte* const end = rows.data() + rows.size();
  const std::uint32_t count = load_number(at + attribute::row_count_at, 1);
  const auto info = std::to_integer<unsigned>(at[attribute::info_at]);
  const auto type = std::to_integer<unsigned>(at[attribute::type_at]);
  const auto block_size = std::to_integer<std::uint32_t>(at[attribute::block_size_at]);

  // What a newer producer may mean by it is not known. A signal frame's pc is exact, and no kernel returns through one.
  const unsigned width_code = info & attribute::address_width_mask;
  if (type != attribute::type_default || width_code > attribute::max_address_width) return {};
  if ((info & (attribute::unknown_info | attribute::is_signal_frame)) != 0) return {};
  if (count == 0) return {.pc = From::final_record};

  std::uint64_t limit = place.function_size;
  std::uint64_t offset = place.offset;
  if ((info & attribute::is_masked) != 0) {
    if (block_size == 0) return {};
    limit = block_size;
    offset %= block_size;
  }

  const Rows function_rows{at + attribute::size, end, count, width_code};
  const std::byte* const found = find_row(function_rows, offset, limit);
  return found != nullptr ? rule_of(function_rows.row(found)) : Rule{};
}

}  // namespace surefoot::detail::sframe
