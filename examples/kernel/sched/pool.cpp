// SPDX-License-Identifier: MIT
//
// Birth and end of tasks.
#include <array>
#include <cstdint>

#include "arch/cpu.hpp"
#include "arch/exception_frame.hpp"
#include "arch/level.h"
#include "arch/panic.hpp"
#include "memory/address_space.hpp"
#include "memory/linker_symbols.hpp"
#include "memory/shadow_call_stacks.hpp"
#include "memory/stacks.hpp"
#include "sched/lock.hpp"
#include "sched/scheduler.hpp"
#include "surefoot/config.hpp"
#include "surefoot/exception_layout.hpp"

namespace kernel {
namespace {

constexpr std::array<Task, task_count> make_pool() noexcept {
  std::array<Task, task_count> tasks;
  for (unsigned index = 0; index != task_count; ++index) tasks[index].index = index;
  return tasks;
}

constinit std::array<Task, task_count> pool = make_pool();

extern "C" {
void kernel_task_entry() noexcept;
void kernel_task_retire() noexcept;
[[noreturn]] void kernel_enter_user(std::uint64_t pc, std::uint64_t user_sp, std::uint64_t kernel_sp) noexcept;
}

// The kernel, interrupts masked [arm-arm, SPSR_EL1].
constexpr std::uint64_t pstate_kernel_masked = KERNEL_PSTATE_MODE | 1 << 7;

// The record that ends the chain. The rest of the final frame is never read.
void write_final_record(const Task& task) noexcept {
  // SAFETY: inside the final frame, or just above it, in the task's stack.
  auto* const record = reinterpret_cast<std::uint64_t*>(task.final_record_at());
  record[0] = 0;
  record[1] = 0;
  if (exception_layout.typing == surefoot::RecordTyping::typed) record[2] = exception_layout.final_type;
}

}  // namespace

void sched::describe_stack(Task& task) noexcept {
  task.own_stack = {.range = task.stack(), .kind = surefoot::StackKind::task};
  const auto stacks = surefoot::StackSet::make({&task.own_stack, 1});
  if (!stacks) panic(to_string(stacks.error().code));
  task.stacks = *stacks;
}

Task& sched::at(unsigned index) noexcept {
  SUREFOOT_CHECK(index < task_count);
  return pool[index];
}

Task* sched::create(const char* name, TaskFunction function, std::uint64_t argument) noexcept {
  const Locked locked(lock);
  Task* const task = create_in(name, function, argument, TaskState::ready);
  if (task != nullptr) offer_ready_task();
  return task;
}

// While it is made, the task counts as one that runs: what was in its place before may be walked at this moment.
Task* sched::create_in(const char* name, TaskFunction function, std::uint64_t argument, TaskState state) noexcept {
  for (unsigned index = 0; index != task_count; ++index) {
    Task& task = at(index);
    if (task.state != TaskState::unused) continue;
    task.activity.enter_cpu();
    task.name = name;
    task.has_wake_up = false;
    task.waiting = nullptr;
    task.function = function;
    task.argument = argument;
    describe_stack(task);
    write_final_record(task);
    // As if it had called kernel_switch_context from the first instruction of kernel_task_entry.
    task.context.registers = {.fp = task.final_record_at(),
                              .sp = reinterpret_cast<std::uintptr_t>(&final_frame(task.stack())),
                              .pc = reinterpret_cast<std::uintptr_t>(&kernel_task_entry) + surefoot::instruction_size};
    task.context.x18 = shadow_call_stack::start_of(index);
    task.cpu = cpu::index();
    task.state = state;
    task.activity.leave_cpu();
    return &task;
  }
  return nullptr;
}

void sched::join(Task& task) noexcept {
  const auto has_exited = [&task] {
    const Locked locked(lock);
    return task.state == TaskState::exited;
  };
  {
    const Locked locked(lock);
    SUREFOOT_CHECK(&task != &current() && task.state != TaskState::unused && task.waiting == nullptr);
    task.waiting = &current();
  }
  while (!has_exited()) block();
  const Locked locked(lock);
  task.state = TaskState::unused;
}

void sched::retire_interrupted_task(ExceptionFrame& frame) noexcept {
  if (current().index == 0) panic("the main task cannot be retired", frame);
  // It sets sp, which not every frame holds; until it has, no exception can be taken.
  frame.pc = reinterpret_cast<std::uintptr_t>(&kernel_task_retire);
  frame.pstate = pstate_kernel_masked;
  frame.fp = current().final_record_at();
#ifdef KERNEL_HAS_SHADOW_CALL_STACK
  frame.x[18] = shadow_call_stack::start_of(current().index);
#endif
}

void sched::enter_user(std::uint64_t pc) noexcept {
  kernel_enter_user(memory::user_address(pc), memory::user_address(image::user_stack().end()),
                    reinterpret_cast<std::uintptr_t>(&final_frame(current().stack()) + 1));
}

}  // namespace kernel
