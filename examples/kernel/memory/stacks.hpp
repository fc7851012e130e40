// SPDX-License-Identifier: MIT
//
// The kernel's stacks as ranges of addresses (stack_layout.h says how they lie).
#pragma once

#include <cstdint>

#include "memory/linker_symbols.hpp"
#include "memory/stack_layout.h"
#include "surefoot/address.hpp"
#include "surefoot/records.hpp"

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
/// Where interrupt handlers run.
[[nodiscard]] inline surefoot::AddressRange irq_stack() noexcept {
  return detail::stack_in_slot(KERNEL_STACK_SLOT_IRQ);
}
/// Where the handler of an exception runs whose frame found no room.
[[nodiscard]] inline surefoot::AddressRange overflow_stack() noexcept {
  return detail::stack_in_slot(KERNEL_STACK_SLOT_OVERFLOW);
}
/// The unmapped memory below a stack.
[[nodiscard]] inline surefoot::AddressRange guard_below(const surefoot::AddressRange& stack) noexcept {
  return {stack.start() - KERNEL_STACK_SIZE, stack.start()};
}

/// The exception frame at the top of a task's stack, which holds the task's final record.
[[nodiscard]] inline surefoot::ExceptionFrame& final_frame(const surefoot::AddressRange& stack) noexcept {
  // SAFETY: the top of a stack is 16-byte aligned and mapped, and nothing but the final frame is put there.
  return *reinterpret_cast<surefoot::ExceptionFrame*>(stack.end() - sizeof(surefoot::ExceptionFrame));
}
/// The address of the only record at which the chain of a task may end.
[[nodiscard]] inline std::uint64_t final_record_at(const surefoot::AddressRange& stack) noexcept {
  return reinterpret_cast<std::uintptr_t>(&final_frame(stack).record);
}

}  // namespace kernel
