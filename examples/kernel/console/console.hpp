// SPDX-License-Identifier: MIT
//
// Text output: print("esr ", hex(esr), " after ", n, " ticks\n"). One overload of write for each kind of part; there is
// no format string to disagree with its arguments.
#pragma once

#include <cstdint>
#include <span>

#include "arch/interrupt_mask.hpp"

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

/// How long to wait for a CPU that prints.
enum class Patience : std::uint8_t {
  endless,
  bounded,  ///< a second: for a panic, as the other may have stopped for ever in the middle of a line
};

/// Makes the console this CPU's own, until release(). True as well if it is already, or if translation is off and there
/// is one CPU. With interrupts masked.
[[nodiscard]] bool take(Patience patience) noexcept;

/// While it lives, this CPU alone prints, with interrupts masked. Nests on its CPU: a panic may interrupt a line.
class Hold {
 public:
  explicit Hold(Patience patience) noexcept;
  ~Hold();
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

 private:
  InterruptsMasked masked_;
  bool is_owner_ = false;
};

/// Lets other CPUs print, whatever this one holds: for the end of a panic that may have interrupted a line.
void release() noexcept;

/// Writes its parts one after the other, and nothing else in between. Polls the serial port; any context, panics
/// included.
template <class... Parts>
void print(const Parts&... parts) noexcept {
  const Hold hold(Patience::endless);
  (write(parts), ...);
}

}  // namespace kernel::console
