// SPDX-License-Identifier: MIT
//
// What a walk of a user program's frames is told, and its reader: one that the program cannot make fault.
#pragma once

#include <cstdint>

#include "arch/system_registers.hpp"
#include "memory/address_space.hpp"
#include "memory/linker_symbols.hpp"
#include "surefoot/user_trace.hpp"
#include "walks/description.hpp"

namespace kernel {

/// Reads a word of the memory of the program that EL0 runs on this CPU: with its own rights, if it may read there.
/// Interrupts masked, so that the answer holds until the word is read.
inline bool read_user_word(void*, std::uint64_t address, std::uint64_t* word) noexcept {
  asm volatile("at s1e0r, %0\n\tisb" : : "r"(address) : "memory");
  // PAR_EL1.F: the program would fault [arm-arm D19.2, PAR_EL1].
  if ((KERNEL_READ_REGISTER("par_el1") & 1) != 0) return false;
  asm volatile("ldtr %0, [%1]" : "=r"(*word) : "r"(address) : "memory");
  return true;
}

/// The addresses that user programs have.
[[nodiscard]] inline surefoot::UserSpace user_space() noexcept {
  return {
      .memory = {read_user_word, nullptr},
      .addresses = {memory::user_address(image::user_text().start()), memory::user_address(image::user_stack().end())},
      .pac = walks::description().described().pac()};
}

/// The stack of the one program.
[[nodiscard]] inline surefoot::AddressRange user_stack() noexcept {
  return {memory::user_address(image::user_stack().start()), memory::user_address(image::user_stack().end())};
}

}  // namespace kernel
