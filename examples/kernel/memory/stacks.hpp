// SPDX-License-Identifier: MIT
//
// The kernel's stacks as ranges of addresses (stack_layout.h says how they lie).
#pragma once

#include <cstdint>

#include "arch/cpu.hpp"
#include "arch/exception_frame.hpp"
#include "memory/linker_symbols.hpp"
#include "memory/stack_layout.h"
#include "surefoot/address.hpp"

namespace kernel {

inline constexpr unsigned task_count = KERNEL_TASK_COUNT;

namespace detail {
[[nodiscard]] inline surefoot::AddressRange stack_in_slot(unsigned slot) noexcept {
  const std::uint64_t top = image::stacks().start() + KERNEL_STACK_TOP_OFFSET(std::uint64_t{slot});
  return {top - KERNEL_STACK_SIZE, top};
}
}  // namespace detail

/// The stack of the task at `index`. Requires index < task_count.
[[nodiscard]] inline surefoot::AddressRange task_stack(unsigned index) noexcept { return detail::stack_in_slot(index); }
/// Where interrupt handlers of a CPU run; of this one by default. Requires cpu < cpu::most.
[[nodiscard]] inline surefoot::AddressRange irq_stack(unsigned cpu = cpu::index()) noexcept {
  return detail::stack_in_slot(KERNEL_STACK_SLOT_IRQ + cpu);
}
/// Where the handler of an exception runs whose frame found no room.
[[nodiscard]] inline surefoot::AddressRange overflow_stack(unsigned cpu = cpu::index()) noexcept {
  return detail::stack_in_slot(KERNEL_STACK_SLOT_OVERFLOW + cpu);
}
/// The unmapped memory below a stack.
[[nodiscard]] inline surefoot::AddressRange guard_below(const surefoot::AddressRange& stack) noexcept {
  return {stack.start() - KERNEL_STACK_SIZE, stack.start()};
}

/// The exception frame at the top of a task's stack. An exception from EL0 lays its frame just there, and leaves the
/// task's final record, in that frame or above it, where it was.
[[nodiscard]] inline ExceptionFrame& final_frame(const surefoot::AddressRange& stack) noexcept {
  // SAFETY: the top of a stack is 16-byte aligned and mapped, and nothing but the final frame is put there.
  return *reinterpret_cast<ExceptionFrame*>(stack.end() - SUREFOOT_FINAL_FRAME_SIZE);
}
/// The address of the only record at which the chain of a task may end.
[[nodiscard]] inline std::uint64_t final_record_at(const surefoot::AddressRange& stack) noexcept {
  return reinterpret_cast<std::uintptr_t>(&final_frame(stack)) + SUREFOOT_FINAL_FRAME_OFFSET_RECORD;
}

}  // namespace kernel
