// SPDX-License-Identifier: MIT
#include "arch/exceptions.hpp"

#include <cstddef>
#include <cstdint>

#include "arch/panic.hpp"
#include "surefoot/address.hpp"

namespace kernel {
namespace {

constexpr std::size_t exception_class_count = 64;
constinit ExceptionHook hooks[exception_class_count] = {};
constinit ExceptionHook stack_overflow_hook = nullptr;

constexpr std::uint64_t pstate_btype = std::uint64_t{3} << 10;

ExceptionHook exchange(ExceptionHook& place, ExceptionHook hook) noexcept {
  const ExceptionHook before = place;
  place = hook;
  return before;
}

}  // namespace

ExceptionHook set_exception_hook(ExceptionClass kind, ExceptionHook hook) noexcept {
  return exchange(hooks[static_cast<std::size_t>(kind) % exception_class_count], hook);
}

ExceptionHook set_stack_overflow_hook(ExceptionHook hook) noexcept { return exchange(stack_overflow_hook, hook); }

void resume_at(ExceptionFrame& frame, std::uint64_t pc) noexcept {
  frame.pc = pc;
  frame.pstate &= ~pstate_btype;
}

void step_over(ExceptionFrame& frame) noexcept { resume_at(frame, frame.pc + surefoot::instruction_size); }

/// Called by el1h_64_sync and el0_64_sync.
extern "C" void kernel_handle_synchronous(ExceptionFrame& frame) noexcept {
  const Syndrome cause = read_syndrome();
  const ExceptionHook hook = hooks[static_cast<std::size_t>(exception_class(cause.esr))];
  if (hook == nullptr) panic("unexpected synchronous exception", frame, cause);
  hook(frame);
}

/// Called by exception_stack_overflow, on the overflow stack.
extern "C" void kernel_handle_stack_overflow(ExceptionFrame& frame) noexcept {
  if (stack_overflow_hook == nullptr) panic("no room on the stack for an exception", frame, read_syndrome());
  stack_overflow_hook(frame);
}

}  // namespace kernel
