// SPDX-License-Identifier: MIT
//
// Numbers, strings and names as spans of characters.
#include "surefoot/config.hpp"
#include "surefoot/print.hpp"

namespace surefoot::detail {
namespace {

// True if the character of a name is printed as it is: it is visible, or a blank inside. Two blanks would begin another
// column, and a question mark at the beginning would be a mark of doubt. `before` is 0 at the beginning.
constexpr bool is_plain(char character, char before) noexcept {
  if (character == ' ') return before != ' ' && before != '\0';
  if (character == '?') return before != '\0';
  return character > ' ' && character <= '~';
}

}  // namespace

std::span<const char> to_hex(std::uint64_t value, std::size_t min_digits, NumberText& room) noexcept {
  constexpr std::size_t max_digits = 16;
  SUREFOOT_CHECK(min_digits <= max_digits);
  std::size_t first = room.size();
  do {
    room[--first] = "0123456789abcdef"[value % 16];
    value /= 16;
  } while (value != 0 || room.size() - first < min_digits);  // at most max_digits turns
  room[--first] = 'x';
  room[--first] = '0';
  return std::span(room).subspan(first);
}

std::span<const char> to_decimal(std::uint64_t value, NumberText& room) noexcept {
  std::size_t first = room.size();
  do {
    room[--first] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);  // at most 20 turns: the digits of the largest number
  return std::span(room).subspan(first);
}

std::span<const char> to_text(const char* terminated) noexcept {
  std::size_t size = 0;
  while (terminated[size] != '\0') ++size;
  return {terminated, size};
}

std::span<const char> Escaper::next(std::span<const char>& text) noexcept {
  std::size_t size = 0;
  for (; size != text.size() && is_plain(text[size], before_); ++size) before_ = text[size];
  if (size != 0 || text.empty()) {
    const std::span<const char> piece = text.first(size);
    text = text.subspan(size);
    return piece;
  }
  before_ = text.front();
  text = text.subspan(1);
  const auto byte = static_cast<unsigned char>(before_);
  escape_ = {'\\', 'x', "0123456789abcdef"[byte / 16], "0123456789abcdef"[byte % 16]};
  return escape_;
}

}  // namespace surefoot::detail
