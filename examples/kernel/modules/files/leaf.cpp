// SPDX-License-Identifier: MIT
//
// The module `leaf`: two functions with small frames, which lead back into the kernel.
#include "modules/files/callback.hpp"

using kernel::modules::Callback;

extern "C" {

[[gnu::noinline]] void leaf_inner(Callback callback, std::uint64_t argument) noexcept {
  callback(argument);
  asm volatile("" ::: "memory");  // so that no call is a tail call, and each function has a frame
}

void leaf_outer(Callback callback, std::uint64_t argument) noexcept {
  leaf_inner(callback, argument);
  asm volatile("" ::: "memory");
}

}  // extern "C"
