// SPDX-License-Identifier: MIT
//
// A panic with the MMU off: all memory is of type Device, and nothing is protected.
#include "memory/cache.hpp"
#include "memory/linker_symbols.hpp"
#include "sched/scheduler.hpp"
#include "uses/panic/kinds.hpp"

namespace panics {

extern "C" [[noreturn]] void panic_with_translation_off() noexcept;

PANIC_FUNCTION void panic_without_mmu() noexcept {
  // What is in the caches is to be in memory as well.
  kernel::memory::write_back(kernel::image::data());
  kernel::memory::write_back(kernel::sched::current().stack());
  panic_with_translation_off();
}

}  // namespace panics
