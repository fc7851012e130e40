// SPDX-License-Identifier: MIT
//
// Tasks: block and wake, preemption, and what can be read of a task that is off the CPU.
#include <cstdint>

#include "arch/interrupts.hpp"
#include "devices/generic_timer.hpp"
#include "platform/check.hpp"
#include "sched/scheduler.hpp"

namespace kernel::selftest {
namespace {

using surefoot::TaskActivity;

constinit volatile std::uint32_t stage = 0;

void block_twice(std::uint64_t argument) noexcept {
  stage = static_cast<std::uint32_t>(argument);
  sched::block();
  stage = stage + 1;
  sched::block();
  stage = stage + 1;
}

// Follows records as far as they go up in the task's own stack. Bounded by the stack's size.
bool chain_ends_at_final_record(const Task& task) noexcept {
  const surefoot::AddressRange stack = task.stack();
  std::uint64_t at = task.context.registers.fp;
  while (at != task.final_record_at()) {
    if (!stack.contains(at, sizeof(surefoot::FrameRecord))) return false;
    // SAFETY: inside the stack, by the line above, and the task is off the CPU.
    const std::uint64_t next = reinterpret_cast<const surefoot::FrameRecord*>(at)->fp;
    if (next <= at) return false;
    at = next;
  }
  return true;
}

void check_blocking() noexcept {
  Task* const task = sched::create("sleeper", block_twice, 10);
  check("tasks: a new task has its chain and does not run yet",
        chain_ends_at_final_record(*task) && !TaskActivity::is_running(task->activity.load()));
  const std::uint64_t made = task->activity.load();
  sched::yield();
  check("tasks: a blocked task is off the CPU, at an even count",
        stage == 10 && task->state == TaskState::blocked && made % 2 == 0 && task->activity.load() == made + 2);
  check("tasks: the running task has an odd count", TaskActivity::is_running(sched::current().activity.load()));
  check("tasks: a blocked task's chain ends at its final record", chain_ends_at_final_record(*task));
  sched::wake(*task);
  sched::yield();
  const bool went_on = stage == 11 && task->activity.load() == made + 4;
  sched::wake(*task);
  sched::join(*task);
  check("tasks: a task runs on when it is woken, and can be joined",
        went_on && stage == 12 && task->activity.load() == made + 6 && task->state == TaskState::unused);
}

constinit volatile std::uint64_t turns[2] = {};
constinit volatile std::uint32_t must_stop = 0;  // no bool: with UBSan's traps GCC loads a volatile one only once

void count_turns(std::uint64_t number) noexcept {
  while (must_stop == 0) turns[number] = turns[number] + 1;
}

// Two tasks that never yield make progress in turn, and so does this one.
void check_preemption() noexcept {
  Task* const first = sched::create("first", count_turns, 0);
  Task* const second = sched::create("second", count_turns, 1);
  const std::uint64_t start = generic_timer::now();
  sched::start_time_slices(static_cast<std::uint32_t>(generic_timer::frequency() / 2000));
  while (generic_timer::now() - start < generic_timer::frequency() * 5) {
    if (first->activity.load() >= 8 && second->activity.load() >= 8) break;
  }
  const bool have_chains = chain_ends_at_final_record(*first) && chain_ends_at_final_record(*second);
  check("tasks: two tasks that never yield are preempted in turn",
        turns[0] != 0 && turns[1] != 0 && first->activity.load() >= 8 && second->activity.load() >= 8);
  sched::stop_time_slices();
  // Across the exception frame a metadata record stands instead of a link, unless it is a plain one.
  check("tasks: a preempted task's chain stops at an exception boundary with metadata",
        have_chains != has_typed_records);
  must_stop = 1;
  sched::join(*first);
  sched::join(*second);
}

constinit Task* sleeper = nullptr;

void wake_sleeper(ExceptionFrame&) noexcept {
  generic_timer::disarm();
  sched::wake(*sleeper);
}

// The only task waits for an interrupt, and is woken by its handler.
void check_waking_from_an_interrupt() noexcept {
  sleeper = &sched::current();
  const std::uint64_t activity = sleeper->activity.load();
  interrupts::set_handler(generic_timer::interrupt_id, wake_sleeper);
  generic_timer::arm(1000);
  sched::block();
  check("tasks: an interrupt wakes a task when all are blocked", sleeper->activity.load() == activity);
}

}  // namespace

void check_tasks() noexcept {
  check_blocking();
  check_waking_from_an_interrupt();
  check_preemption();
}

}  // namespace kernel::selftest
