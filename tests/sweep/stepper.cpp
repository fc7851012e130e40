// SPDX-License-Identifier: MIT
#include "sweep/stepper.hpp"

#include <array>

#include "arch/exceptions.hpp"
#include "arch/interrupts.hpp"
#include "arch/system_registers.hpp"
#include "sweep/report.hpp"
#include "sweep/return_hook.hpp"

extern "C" {
void el1h_64_sync() noexcept;
void el1h_64_irq() noexcept;
void kernel_handle_synchronous(surefoot::ExceptionFrame& frame) noexcept;
void kernel_handle_interrupt(surefoot::ExceptionFrame& frame) noexcept;
void return_to_handler() noexcept;
}

namespace sweep {
namespace {

// MDSCR_EL1: SS, single step; KDE, debug exceptions from EL1 too.
constexpr std::uint64_t single_step = 1U << 0 | 1U << 13;

constinit std::array<std::uint64_t, 2> return_trampolines{};
constinit Truth the_truth(return_trampolines);
constinit Judge* judge_of_task = nullptr;
constinit kernel::ExceptionHook hook_before = nullptr;
constinit std::uint64_t interrupt_pc = 0;
constinit std::uint32_t raised = 0;
constinit bool is_good = true;

void set_single_step(bool is_on) noexcept {
  KERNEL_WRITE_REGISTER("mdscr_el1", is_on ? single_step : 0);
  kernel::instruction_barrier();
}

void on_step(surefoot::ExceptionFrame& frame) noexcept {
  if (!the_truth.arrive(frame)) {
    report_broken_truth(frame, the_truth);
    is_good = false;
    set_single_step(false);  // nothing that it could still say is worth anything
    return;
  }
  judge_of_task->judge(frame, the_truth);
  if (frame.pc == interrupt_pc) {
    interrupt_pc = 0;
    ++raised;
    kernel::interrupts::raise_software_interrupt();
  }
  frame.pstate |= pstate_software_step;
}

template <typename Function>
std::uint64_t address_of(Function* function) noexcept {
  return reinterpret_cast<std::uintptr_t>(function);
}

}  // namespace

void stepper::begin(Judge& judge, std::span<const std::uint64_t> outermost_first) noexcept {
  return_trampolines = {address_of(return_to_handler), address_of(sweep_return_hook)};
  the_truth.begin(outermost_first);
  judge_of_task = &judge;
  interrupt_pc = 0;
  raised = 0;
  is_good = true;
  hook_before = kernel::set_exception_hook(kernel::ExceptionClass::software_step, on_step);
  KERNEL_WRITE_REGISTER("oslar_el1", 0);  // debug exceptions are held off while the OS lock is locked
  set_single_step(true);
}

bool stepper::end() noexcept {
  set_single_step(false);
  kernel::set_exception_hook(kernel::ExceptionClass::software_step, hook_before);
  if (!is_good) return false;
  if (the_truth.failure() != nullptr) {
    report_broken(the_truth.failure());
    return false;
  }
  if (!the_truth.is_back_at_start()) report_broken("levels that control never returned to");
  return the_truth.is_back_at_start();
}

Truth& stepper::truth() noexcept { return the_truth; }

void stepper::interrupt_at(std::uint64_t pc) noexcept { __atomic_store_n(&interrupt_pc, pc, __ATOMIC_RELAXED); }

std::uint32_t stepper::interrupts_raised() noexcept { return __atomic_load_n(&raised, __ATOMIC_RELAXED); }

std::uint64_t find_return_address(void (*function)() noexcept, std::uint64_t callee) noexcept {
  constexpr std::uint64_t most_instructions = 256;
  const std::uint64_t start = address_of(function);
  for (std::uint64_t i = 0; i < most_instructions; ++i) {
    const std::uint64_t pc = start + i * surefoot::instruction_size;
    const std::uint32_t word = word_at(pc);
    if (is_bl(word) && target_of_bl(pc, word) == callee) return pc + surefoot::instruction_size;
  }
  return 0;
}

std::uint64_t synchronous_path() noexcept {
  return find_return_address(el1h_64_sync, address_of(kernel_handle_synchronous));
}

std::uint64_t interrupt_path() noexcept {
  return find_return_address(el1h_64_irq, address_of(kernel_handle_interrupt));
}

}  // namespace sweep
