// SPDX-License-Identifier: MIT
#include "console/console.hpp"

#include <cstdint>
#include <span>

#include "arch/cpu.hpp"
#include "devices/generic_timer.hpp"
#include "devices/pl011.hpp"
#include "memory/translation.hpp"

namespace kernel::console {
namespace {

// Room for the digits of any 64-bit number in base 10 (20) and base 16 (16).
constexpr unsigned most_digits = 20;

constinit std::uint32_t owner = 0;  // 1 more than the number of the CPU that prints

void write_digits(std::uint64_t value, unsigned base, unsigned least_digits) noexcept {
  char digits[most_digits];
  unsigned count = 0;
  do {
    digits[count++] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0 || (count < least_digits && count < most_digits));
  while (count != 0) pl011::send(digits[--count]);
}

[[nodiscard]] bool is_own() noexcept { return __atomic_load_n(&owner, __ATOMIC_RELAXED) == cpu::index() + 1; }

}  // namespace

bool take(Patience patience) noexcept {
  if (!memory::is_translation_on() || is_own()) return true;
  const std::uint64_t start = generic_timer::now();
  for (;;) {
    std::uint32_t none = 0;
    if (__atomic_compare_exchange_n(&owner, &none, cpu::index() + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
      return true;
    }
    if (patience == Patience::bounded && generic_timer::now() - start > generic_timer::frequency()) return false;
  }
}

Hold::Hold(Patience patience) noexcept {
  if (memory::is_translation_on() && !is_own()) is_owner_ = take(patience);
}

Hold::~Hold() {
  if (is_owner_) release();
}

void release() noexcept {
  if (is_own()) __atomic_store_n(&owner, 0, __ATOMIC_RELEASE);
}

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
