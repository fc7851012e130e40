// SPDX-License-Identifier: MIT
//
// The three functions that the tracing runtime wants from a kernel (surefoot/ftrace/port.hpp). The first runs on the
// way into every traced function, so that this file is not compiled for tracing.
#include "walks/execution_state.hpp"

#include <array>
#include <utility>

#include "arch/cpu.hpp"
#include "memory/address_space.hpp"
#include "memory/linker_symbols.hpp"
#include "memory/stacks.hpp"
#include "sched/scheduler.hpp"
#include "smp/smp.hpp"
#include "surefoot/ftrace.hpp"

namespace kernel::walks {
namespace {

using surefoot::ReturnEntry;
using surefoot::ReturnStack;
using surefoot::ftrace::ExecutionState;

constexpr std::size_t return_stack_capacity = 32;
constinit std::array<std::array<ReturnEntry, return_stack_capacity>, task_count> entries{};

template <std::size_t... indices>
constexpr std::array<ReturnStack, task_count> make_return_stacks(std::index_sequence<indices...>) noexcept {
  return {ReturnStack(entries[indices])...};
}
// One for each place of the task pool.
constinit std::array<ReturnStack, task_count> return_stacks =
    make_return_stacks(std::make_index_sequence<task_count>());

template <std::size_t... indices>
constexpr std::array<const ReturnStack*, task_count> make_pointers(std::index_sequence<indices...>) noexcept {
  return {&return_stacks[indices]...};
}
// As walks want them.
constinit const std::array<const ReturnStack*, task_count> pointers =
    make_pointers(std::make_index_sequence<task_count>());

constinit std::array<ExecutionState, task_count> task_states{};
// An interrupt handler is traced even if it interrupts a tracer. What it calls returns before the task goes on, so that
// it shares the task's return stack. One for each CPU, which a handler does not leave.
constinit std::array<ExecutionState, kernel::cpu::most> interrupt_states{};

[[nodiscard]] bool is_on_task_stack(const Task& task) noexcept {
  return task.stack().contains(reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)), 1);
}

}  // namespace

void wait_for_callbacks(void (*give_way)() noexcept) noexcept {
  const auto period = surefoot::ftrace::GracePeriod::begin();
  const auto wait = [&](const ExecutionState& state) {
    while (!period.is_over_in(state)) give_way();
  };
  for (const ExecutionState& state : task_states) wait(state);
  for (const ExecutionState& state : interrupt_states) wait(state);
}

std::span<const ReturnStack* const> return_stacks_of(const Task& task) noexcept {
  return std::span(pointers).subspan(task.index, 1);
}

}  // namespace kernel::walks

surefoot::ftrace::ExecutionState* surefoot_ftrace_port_execution_state() noexcept {
  using namespace kernel::walks;
  const kernel::Task& task = kernel::sched::current();
  ExecutionState& state = is_on_task_stack(task) ? task_states[task.index] : interrupt_states[kernel::cpu::index()];
  state.returns = &return_stacks[task.index];
  return &state;
}

std::uint32_t* surefoot_ftrace_port_writable_alias(std::uint64_t code_at) noexcept {
  if (!kernel::image::text().contains(code_at, sizeof(std::uint32_t))) return nullptr;
  return kernel::memory::writable_text(code_at);
}

void surefoot_ftrace_port_synchronize_cpus() noexcept { kernel::smp::synchronize_instructions(); }
