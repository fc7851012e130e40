// SPDX-License-Identifier: MIT
//
// The overwriting of live frame records, for the length of one walk.
#pragma once

#include <cstdint>

#include "scenarios/scenario.hpp"

namespace demo {

// The frame record of the function that this is expanded in.
[[gnu::always_inline]] inline volatile surefoot::FrameRecord& own_record() noexcept {
  return *static_cast<volatile surefoot::FrameRecord*>(__builtin_frame_address(0));
}

[[gnu::always_inline]] inline std::uint64_t address_of(const volatile void* object) noexcept {
  return reinterpret_cast<std::uintptr_t>(object);
}

// By a function of its own, as damage comes from elsewhere: each scenario's own instructions keep its record as it
// should be, and an audit of the image finds no fault with them.
void overwrite(volatile std::uint64_t& word, std::uint64_t value) noexcept;

// Puts `fp` into the record for the length of one walk from the calling function.
[[gnu::always_inline]] inline void record_with_fp(volatile surefoot::FrameRecord& damaged, std::uint64_t fp) noexcept {
  const std::uint64_t intact = damaged.fp;
  overwrite(damaged.fp, fp);
  stay_on_stack();
  record_here();
  overwrite(damaged.fp, intact);
  stay_on_stack();
}

}  // namespace demo
