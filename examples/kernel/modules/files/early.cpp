// SPDX-License-Identifier: MIT
//
// The module `early`: two functions that keep values in registers across their calls.
#include "modules/files/callback.hpp"

using kernel::modules::Callback;

extern "C" {

[[gnu::noinline]] std::uint64_t early_inner(Callback callback, std::uint64_t argument) noexcept {
  callback(argument);
  return argument + 1;
}

void early_outer(Callback callback, std::uint64_t argument) noexcept {
  const std::uint64_t result = early_inner(callback, argument);
  asm volatile("" ::"r"(callback), "r"(argument), "r"(result) : "memory");
}

}  // extern "C"
