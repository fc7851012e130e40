// SPDX-License-Identifier: MIT
#include "console/console.hpp"

#include <cstdint>
#include <span>

#include "devices/pl011.hpp"

namespace kernel::console {
namespace {

// Room for the digits of any 64-bit number in base 10 (20) and base 16 (16).
constexpr unsigned most_digits = 20;

void write_digits(std::uint64_t value, unsigned base, unsigned least_digits) noexcept {
  char digits[most_digits];
  unsigned count = 0;
  do {
    digits[count++] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0 || (count < least_digits && count < most_digits));
  while (count != 0) pl011::send(digits[--count]);
}

}  // namespace

void write(char character) noexcept { pl011::send(character); }

void write(const char* text) noexcept {
  while (*text != '\0') pl011::send(*text++);
}

void write(std::span<const char> text) noexcept {
  for (const char character : text) pl011::send(character);
}

void write(std::uint64_t decimal) noexcept { write_digits(decimal, 10, 1); }
void write(std::uint32_t decimal) noexcept { write_digits(decimal, 10, 1); }

void write(std::int64_t decimal) noexcept {
  if (decimal < 0) pl011::send('-');
  // Negation in unsigned arithmetic: the lowest number has no positive counterpart.
  write_digits(decimal < 0 ? 0 - static_cast<std::uint64_t>(decimal) : static_cast<std::uint64_t>(decimal), 10, 1);
}
void write(std::int32_t decimal) noexcept { write(std::int64_t{decimal}); }

void write(bool yes) noexcept { write(yes ? "yes" : "no"); }

void write(Hex number) noexcept {
  write("0x");
  write_digits(number.value, 16, number.digits);
}

}  // namespace kernel::console
