// SPDX-License-Identifier: MIT
//
// Pseudo-random numbers, a sequence for each task: xorshift of 64 bits.
#pragma once

#include <cstdint>

namespace torture {

class Random {
 public:
  constexpr explicit Random(std::uint64_t seed = 1) noexcept : state_(seed * 0x9e37'79b9'7f4a'7c15 | 1) {}

  [[gnu::always_inline]] std::uint32_t next() noexcept {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return static_cast<std::uint32_t>(state_ >> 32);
  }
  /// Below `end`, which is small.
  [[gnu::always_inline]] std::uint32_t below(std::uint32_t end) noexcept { return (next() >> 8) % end; }
  /// True once in `times`.
  [[gnu::always_inline]] bool is_once_in(std::uint32_t times) noexcept { return below(times) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace torture
