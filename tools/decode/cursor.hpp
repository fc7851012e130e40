// SPDX-License-Identifier: MIT
//
// Reads words and numbers from the front of a text. Everything that is not there is a false or an empty answer, and
// leaves the cursor where it was.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace surefoot::tools {

[[nodiscard]] constexpr bool is_decimal_digit(char character) { return character >= '0' && character <= '9'; }
[[nodiscard]] constexpr bool is_hex_digit(char character) {
  return is_decimal_digit(character) || (character >= 'a' && character <= 'f') ||
         (character >= 'A' && character <= 'F');
}
[[nodiscard]] constexpr bool is_letter(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || character == '_';
}

/// The number that the digits mean; none if it does not fit in 64 bits, or if there are no digits.
[[nodiscard]] constexpr std::optional<std::uint64_t> to_number(std::string_view digits, unsigned base) {
  if (digits.empty()) return std::nullopt;
  std::uint64_t number = 0;
  for (const char digit : digits) {
    const unsigned value = is_decimal_digit(digit) ? static_cast<unsigned>(digit - '0')
                                                   : (static_cast<unsigned>(digit) | 0x20U) - 'a' + 10;
    if (value >= base || number > (UINT64_MAX - value) / base) return std::nullopt;
    number = number * base + value;
  }
  return number;
}

class Cursor {
 public:
  explicit constexpr Cursor(std::string_view text) : rest_(text) {}

  [[nodiscard]] constexpr std::string_view rest() const { return rest_; }
  [[nodiscard]] constexpr bool is_at_end() const { return rest_.empty(); }
  [[nodiscard]] constexpr char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  constexpr bool skip(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  /// Blanks and tabs; how many there were.
  constexpr std::size_t skip_blanks() {
    return take_while([](char character) { return character == ' ' || character == '\t'; }).size();
  }
  template <typename P>
  constexpr std::string_view take_while(P&& is_wanted) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_wanted);
    return take(static_cast<std::size_t>(end - rest_.begin()));
  }
  constexpr std::string_view take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  /// All before the word, which is not taken; empty and unmoved without the word.
  constexpr std::string_view take_until(std::string_view word) {
    const std::size_t at = rest_.find(word);
    return at == std::string_view::npos ? std::string_view() : take(at);
  }
  constexpr std::optional<std::uint64_t> take_decimal() {
    Cursor after = *this;
    const std::optional<std::uint64_t> number = to_number(after.take_while(is_decimal_digit), 10);
    if (number) *this = after;
    return number;
  }
  /// `0x` and digits.
  constexpr std::optional<std::uint64_t> take_hex() {
    Cursor after = *this;
    if (!after.skip("0x")) return std::nullopt;
    const std::optional<std::uint64_t> number = to_number(after.take_while(is_hex_digit), 16);
    if (number) *this = after;
    return number;
  }
  /// Exactly 16 hexadecimal digits, with `0x` before them or not: an address that is not cut.
  constexpr std::optional<std::uint64_t> take_whole_address() {
    constexpr std::size_t digit_count = 16;
    Cursor after = *this;
    after.skip("0x");
    const std::string_view digits = after.take_while(is_hex_digit);
    if (digits.size() != digit_count) return std::nullopt;
    *this = after;
    return to_number(digits, 16);
  }

 private:
  std::string_view rest_;
};

}  // namespace surefoot::tools
