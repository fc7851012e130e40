// SPDX-License-Identifier: MIT
//
// The tasks whose functions are patched. Each is for one place where a task can be when it is looked at, goes there,
// says so, and waits; when it is woken it goes on, and comes back to its place.
#pragma once

#include <cstdint>
#include <span>

#include "sched/task.hpp"
#include "surefoot/livepatch.hpp"

namespace livepatch {

enum class Kind : std::uint8_t {
  blocked,              ///< waits in outer
  preempted,            ///< an interrupt took it off its CPU, in outer
  in_callee,            ///< waits in a function that outer calls
  in_leaf,              ///< interrupted in a function without a frame record that outer calls
  in_tracer,            ///< waits in a tracer of outer, which is called before those of the patches
  in_graph_tracer,      ///< waits in the graph tracer's callback, which is called behind them: the version is chosen
  preempted_in_tracer,  ///< the same, and an interrupt took it off its CPU there
  in_user,              ///< interrupted at EL0; its system call calls outer
  looping,              ///< runs, and calls outer again and again
  untouched,            ///< waits elsewhere
  preempted_elsewhere,  ///< interrupted elsewhere, several times in a row before it comes to a safe point
};
inline constexpr unsigned kind_count = 11;

struct alignas(64) Worker {
  surefoot::livepatch::TaskState state{};
  Kind kind = Kind::untouched;
  std::uint8_t interrupts = 0;  ///< how often it is interrupted between two safe points
  std::uint8_t interrupts_left = 0;
  std::uint32_t arrivals = 0;  ///< how often it came to its place
  kernel::Task* task = nullptr;
  std::uint64_t number = 0;
};

inline constexpr unsigned worker_count = 100;

/// All of them.
[[nodiscard]] std::span<Worker> workers() noexcept;
[[nodiscard]] const char* to_string(Kind kind) noexcept;
/// Null if the task is none.
[[nodiscard]] Worker* worker_of(const kernel::Task& task) noexcept;
/// The state of any task: workers, idle tasks, the main task.
[[nodiscard]] surefoot::livepatch::TaskState& state_of(const kernel::Task& task) noexcept;

/// Makes them, and lets each come to its place. False if there is no room.
[[nodiscard]] bool start_workers() noexcept;
/// Lets those that have still to be switched go on, the looping ones too, and waits until all are in their places.
void let_go_on() noexcept;
/// The same with all of them, once.
void let_all_go_on() noexcept;
/// Sends the looping ones off, and waits until each has a CPU.
void start_looping() noexcept;
/// Lets all end, and waits for it.
void end_workers() noexcept;

/// The worker waits here until it is woken.
void wait(Worker& worker) noexcept;
/// Masks interrupts, and makes one pending whose handler lets the scheduler block the worker.
void ask_for_interrupt(Worker& worker) noexcept;

}  // namespace livepatch
