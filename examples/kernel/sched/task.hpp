// SPDX-License-Identifier: MIT
//
// A thread of control of the kernel: its stack, and its registers while it is off the CPU.
#pragma once

#include <cstddef>
#include <cstdint>

#include "memory/stacks.hpp"
#include "surefoot/address.hpp"
#include "surefoot/stacks.hpp"
#include "surefoot/start.hpp"

namespace kernel {

/// Written and read by switch.S. `registers` is what a walk of the task starts from.
struct TaskContext {
  std::uint64_t x19_to_x28[10];
  surefoot::Registers registers;
  std::uint64_t x18;  ///< the end of the shadow call stack, if there is one
};
static_assert(offsetof(TaskContext, x19_to_x28) == SUREFOOT_CONTEXT_OFFSET_X19);
static_assert(offsetof(TaskContext, registers) == SUREFOOT_CONTEXT_OFFSET_REGISTERS);
static_assert(offsetof(TaskContext, x18) == SUREFOOT_CONTEXT_OFFSET_X18);

enum class TaskState : std::uint8_t {
  unused,   ///< no task in this place of the pool
  ready,    ///< off the CPU, would like to run
  running,  ///< has a CPU
  blocked,  ///< off the CPU until it is woken
  idle,     ///< off its CPU, which has something else to do
  exited    ///< will not run again; its place is free once it has been joined
};

using TaskFunction = void (*)(std::uint64_t argument);

struct Task {
  const char* name = nullptr;
  unsigned index = 0;  ///< in the pool, and of its stack
  TaskState state = TaskState::unused;
  bool has_wake_up = false;  ///< wake() came before block()
  Task* waiting = nullptr;   ///< who joins this task
  TaskFunction function = nullptr;
  std::uint64_t argument = 0;
  unsigned cpu = 0;              ///< where it runs, or ran last
  std::uint64_t migrations = 0;  ///< how often it went on where it had not been before

  /// What a walk may read, set when the task is made.
  surefoot::Stack own_stack;
  surefoot::StackSet stacks;

  /// Valid while the task is off the CPU, as `activity` tells: odd while it runs, one more at each switch in and out.
  TaskContext context = {};
  surefoot::TaskActivity activity;

  /// For those who do not hold the scheduler's lock.
  [[nodiscard]] TaskState load_state() const noexcept {
    TaskState now = TaskState::unused;
    __atomic_load(&state, &now, __ATOMIC_ACQUIRE);
    return now;
  }
  [[nodiscard]] surefoot::AddressRange stack() const noexcept { return task_stack(index); }
  /// Where the chain of this task ends.
  [[nodiscard]] std::uint64_t final_record_at() const noexcept { return kernel::final_record_at(stack()); }
};

}  // namespace kernel
