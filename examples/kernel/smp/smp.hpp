// SPDX-License-Identifier: MIT
//
// More than one CPU: how the others are started, and how they are made to do something.
#pragma once

#include <cstdint>

namespace kernel::smp {

/// Starts all other CPUs of the machine, at most cpu::most - 1, and returns how many CPUs run then. From here on tasks
/// move between them. Once, from a task. An image that does not call this has one CPU, whatever the machine has.
unsigned start_others() noexcept;

/// How many CPUs run: those with the numbers below.
[[nodiscard]] unsigned count() noexcept;

using Call = void (*)(std::uint64_t argument);

/// Lets every other CPU make the call, in an interrupt handler or in a place where it waits with interrupts masked, and
/// waits until all have. From tasks; not while a lock is held.
void call_on_others(Call call, std::uint64_t argument = 0) noexcept;

/// The same, and this CPU makes the call as well.
void call_on_all(Call call, std::uint64_t argument = 0) noexcept;

/// Returns after every other CPU has gone through a context synchronization event: each executes code as it is now.
void synchronize_instructions() noexcept;

}  // namespace kernel::smp
