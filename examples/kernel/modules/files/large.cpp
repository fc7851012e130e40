// SPDX-License-Identifier: MIT
//
// The module `large`: one function with a frame of more than 4 KiB, and one whose frame's size is not known beforehand.
#include <cstddef>

#include "modules/files/callback.hpp"

using kernel::modules::Callback;

extern "C" {

[[gnu::noinline]] void large_inner(Callback callback, std::uint64_t argument) noexcept {
  std::byte room[5000];
  asm volatile("" ::"r"(room) : "memory");
  callback(argument);
  asm volatile("" ::"r"(room) : "memory");
}

void large_outer(Callback callback, std::uint64_t argument) noexcept {
  void* const room = __builtin_alloca(16 + argument % 64);
  asm volatile("" ::"r"(room) : "memory");
  large_inner(callback, argument);
  asm volatile("" ::"r"(room) : "memory");
}

}  // extern "C"
