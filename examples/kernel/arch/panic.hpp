// SPDX-License-Identifier: MIT
//
// The end of a run that went wrong. Never silent: surefoot::panic reports what happened, here and on the other CPUs,
// which are stopped first, and the machine ends with exit code 1. A CPU that panics at the same time prints its own
// report, before the machine ends or behind it, but never in between.
#pragma once

#include <span>

#include "arch/exception_frame.hpp"
#include "sched/task.hpp"
#include "surefoot/kernel.hpp"
#include "surefoot/return_stack.hpp"
#include "surefoot/symbols.hpp"

namespace kernel {

/// Ends the run. The report's trace begins at the caller.
[[noreturn]] void panic(const char* reason) noexcept;

/// The same, with the registers that an exception saved, where the trace begins. Without a cause it is an interrupt.
[[noreturn]] void panic(const char* reason, const ExceptionFrame& frame) noexcept;
[[noreturn]] void panic(const char* reason, const ExceptionFrame& frame, const Syndrome& cause) noexcept;

/// What an image tells of itself for reports. Until it does, as before its tables are checked, nothing is known but the
/// layout of exception frames and the stacks.
struct PanicDescription {
  const surefoot::Kernel* kernel = nullptr;
  surefoot::Symbols symbols{};
  std::span<const surefoot::ReturnStack* const> (*return_stacks_of)(const Task& task) = nullptr;
};
/// Once, before other CPUs run.
void describe_for_panic(const PanicDescription& description) noexcept;

/// The handler of the interrupt that stops a CPU because another one panics.
void stop_for_panic(ExceptionFrame& frame) noexcept;

}  // namespace kernel
