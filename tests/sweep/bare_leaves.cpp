// SPDX-License-Identifier: MIT
//
// Compiled for tracing, and with -momit-leaf-frame-pointer: none of these has a frame record.
#include <cstdint>

#include "sweep/shapes.hpp"

namespace sweep {

[[gnu::noinline]] std::uint64_t bare_leaf(std::uint64_t x) noexcept { return x * 7 + (x >> 2); }

[[gnu::noinline]] std::uint64_t bare_leaf_with_frame(std::uint64_t x) noexcept {
  volatile std::uint64_t room[9];
  room[x % 9] = x;
  return room[x % 9] + 1;
}

[[gnu::noinline]] std::uint64_t bare_leaf_with_loop(std::uint64_t x) noexcept {
  std::uint64_t y = x;
  for (std::uint64_t i = 0; i < x; ++i) {
    y ^= y << 3 ^ i;
    asm volatile("" : "+r"(y));
  }
  return y;
}

}  // namespace sweep
