// SPDX-License-Identifier: MIT
//
// Code in assembly that the checks cause exceptions with (probes.S).
#pragma once

#include <cstdint>

extern "C" {
/// Puts a different value into each of x0 to x28, executes BRK #1 at probe_brk_instruction, and returns how
/// many of them have changed.
std::uint64_t probe_registers_over_brk() noexcept;
extern const char probe_brk_instruction[];

/// The same, with an interrupt taken at the instruction after the one that unmasks. Returns with interrupts on.
std::uint64_t probe_registers_over_interrupt() noexcept;

/// Loads from or stores to the address by one instruction; the store writes zero.
std::uint64_t probe_load(std::uint64_t address) noexcept;
void probe_store(std::uint64_t address) noexcept;

/// Branches to the address as a call does.
void probe_call(std::uint64_t address) noexcept;

/// Returns 1, until its first instruction is patched. Has no landing pad.
extern const char probe_without_landing_pad[];
std::uint64_t probe_patchable() noexcept;
extern const char probe_patched_instruction[];

/// Pushes with an sp that is in no stack.
void probe_push_with_sp(std::uint64_t sp) noexcept;
}
