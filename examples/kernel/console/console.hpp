// SPDX-License-Identifier: MIT
//
// Text output: print("esr ", hex(esr), " after ", n, " ticks\n"). One overload of write for each kind of part; there is
// no format string to disagree with its arguments.
#pragma once

#include <cstdint>
#include <span>

namespace kernel::console {

/// A number to be shown in base 16, with 0x and at least that many digits.
struct Hex {
  std::uint64_t value;
  unsigned digits;
};
[[nodiscard]] constexpr Hex hex(std::uint64_t value, unsigned digits = 1) noexcept { return {value, digits}; }

void write(char character) noexcept;
void write(const char* text) noexcept;
void write(std::span<const char> text) noexcept;
void write(std::uint64_t decimal) noexcept;
void write(std::uint32_t decimal) noexcept;
void write(std::int64_t decimal) noexcept;
void write(std::int32_t decimal) noexcept;
void write(bool yes) noexcept;
void write(Hex number) noexcept;

/// Writes its parts one after the other. Polls the serial port; any context, panics included.
template <class... Parts>
void print(const Parts&... parts) noexcept {
  (write(parts), ...);
}

}  // namespace kernel::console
