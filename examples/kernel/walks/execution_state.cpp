// SPDX-License-Identifier: MIT
//
// The three functions that the tracing runtime wants from a kernel (surefoot/ftrace/port.hpp). The first runs on the
// way into every traced function, so that this file is not compiled for tracing.
#include "walks/execution_state.hpp"

#include <array>

#include "memory/address_space.hpp"
#include "memory/linker_symbols.hpp"
#include "memory/stacks.hpp"
#include "sched/scheduler.hpp"
#include "surefoot/ftrace/port.hpp"

namespace kernel::walks {
namespace {

using surefoot::ReturnEntry;
using surefoot::ReturnStack;
using surefoot::ftrace::ExecutionState;

constexpr std::size_t return_stack_capacity = 32;
constinit std::array<std::array<ReturnEntry, return_stack_capacity>, task_count> entries{};

// One for each place of the task pool.
constinit std::array<ReturnStack, task_count> return_stacks{
    ReturnStack(entries[0]), ReturnStack(entries[1]), ReturnStack(entries[2]), ReturnStack(entries[3]),
    ReturnStack(entries[4]), ReturnStack(entries[5]), ReturnStack(entries[6]), ReturnStack(entries[7])};
static_assert(task_count == 8, "one initializer for each task");

// As walks want them.
constinit const std::array<const ReturnStack*, task_count> pointers{
    &return_stacks[0], &return_stacks[1], &return_stacks[2], &return_stacks[3],
    &return_stacks[4], &return_stacks[5], &return_stacks[6], &return_stacks[7]};

constinit std::array<ExecutionState, task_count> task_states{};
// An interrupt handler is traced even if it interrupts a tracer. What it calls returns before the task goes on, so that
// it shares the task's return stack.
constinit ExecutionState interrupt_state{};

[[nodiscard]] bool is_on_task_stack(const Task& task) noexcept {
  return task.stack().contains(reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)), 1);
}

}  // namespace

std::span<const ReturnStack* const> return_stacks_of(const Task& task) noexcept {
  return std::span(pointers).subspan(task.index, 1);
}

}  // namespace kernel::walks

surefoot::ftrace::ExecutionState* surefoot_ftrace_port_execution_state() noexcept {
  using namespace kernel::walks;
  const kernel::Task& task = kernel::sched::current();
  ExecutionState& state = is_on_task_stack(task) ? task_states[task.index] : interrupt_state;
  state.returns = &return_stacks[task.index];
  return &state;
}

std::uint32_t* surefoot_ftrace_port_writable_alias(std::uint64_t code_at) noexcept {
  if (!kernel::image::text().contains(code_at, sizeof(std::uint32_t))) return nullptr;
  return kernel::memory::writable_text(code_at);
}

// There is one CPU, and the runtime synchronises it.
void surefoot_ftrace_port_synchronize_cpus() noexcept {}
