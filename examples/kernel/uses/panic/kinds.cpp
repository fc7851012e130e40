// SPDX-License-Identifier: MIT
//
// Failures of one CPU.
#include "uses/panic/kinds.hpp"

#include <cstdint>

#include "arch/interrupts.hpp"
#include "arch/panic.hpp"
#include "sched/scheduler.hpp"

namespace panics {
namespace {

// wild_write: a leaf that stores where nothing is. Its caller is in the link register only.
PANIC_FUNCTION void store_word(std::uint64_t address, std::uint64_t value) noexcept {
  asm volatile("str %1, [%0]" ::"r"(address), "r"(value) : "memory");
}

PANIC_FUNCTION void wild_write() noexcept {
  store_word(0x10, 0x5afe);
  stay_on_stack();
}

// smashed_stack: a buffer overflow that reaches the frame record above, and then a fault.
PANIC_FUNCTION void smashed_stack() noexcept {
  overwrite_callers_record();
  stay_on_stack();
}

// stack_overflow: the handler runs on the overflow stack.
PANIC_FUNCTION unsigned recurse(unsigned depth) noexcept {  // NOLINT(misc-no-recursion): the point of it
  volatile std::uint64_t room[8];
  room[0] = depth;
  const unsigned sum = depth == 0 ? 0 : recurse(depth - 1) + static_cast<unsigned>(room[0]);
  stay_on_stack();
  return sum;
}

PANIC_FUNCTION void stack_overflow() noexcept {
  static_cast<void>(recurse(100'000));
  stay_on_stack();
}

// in_interrupt: a handler that finds something wrong.
PANIC_FUNCTION void handle_badly(kernel::ExceptionFrame&) noexcept {
  kernel::panic("an interrupt handler has lost its device");
}

PANIC_FUNCTION void in_interrupt() noexcept {
  kernel::interrupts::set_handler(kernel::interrupts::software_id, handle_badly);
  kernel::interrupts::raise_software_interrupt();
  stay_on_stack();
}

// panic_in_panic: what the kernel knows of the task is damaged, so that its name cannot be read.
PANIC_FUNCTION void panic_in_panic() noexcept {
  kernel::sched::current().name = reinterpret_cast<const char*>(std::uintptr_t{0x10});
  wild_write();
  stay_on_stack();
}

PANIC_FUNCTION void undescribed() noexcept {
  wild_write();
  stay_on_stack();
}

constexpr Kind kinds[] = {
    {"wild_write", "a leaf function stores to an address where nothing is", wild_write},
    {"smashed_stack", "a buffer overflow has reached the caller's frame record", smashed_stack},
    {"stack_overflow", "a recursion leaves no room on the task's stack", stack_overflow},
    {"in_interrupt", "an interrupt handler gives up", in_interrupt},
    {"two_cpus", "two CPUs panic at the same time", panic_on_two_cpus, 2},
    {"dead_cpu", "one CPU keeps the console and answers no interrupt, and another panics", panic_beside_a_dead_cpu, 2},
    {"panic_in_panic", "the report of a panic fails as well", panic_in_panic},
    {"traced", "a function panics whose return address tracing has replaced", panic_while_traced},
    {"before_mmu", "the MMU is off", panic_without_mmu},
    {"undescribed", "the kernel has not described itself: no code map, no symbol table", undescribed, 1, false},
};

}  // namespace

std::span<const Kind> all_kinds() noexcept { return kinds; }

}  // namespace panics
