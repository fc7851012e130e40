// SPDX-License-Identifier: MIT
//
// A task that works: it calls functions at random and writes down what it calls.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "modules/loader.hpp"
#include "sched/task.hpp"
#include "torture/random.hpp"
#include "torture/record.hpp"

namespace torture {

struct alignas(64) Worker {
  Record record;
  Random random{};
  std::uint32_t calls_left = 0;  ///< of the present round, for calls through a module
  std::uint64_t rounds = 0;      ///< how often it was in no call at all
  /// The task that works now, null between two of them; and how often that has changed.
  kernel::Task* task = nullptr;
  std::uint32_t life = 0;
};

inline constexpr unsigned most_workers = 16;

/// Those that there are.
[[nodiscard]] std::span<Worker> workers() noexcept;
/// The worker that runs; null if the running task is none.
[[nodiscard]] Worker* running_worker() noexcept;

/// Starts so many of them. False if there is no room for the tasks.
[[nodiscard]] bool start_workers(unsigned count, std::uint64_t seed) noexcept;
/// Lets those that have ended begin again, as new tasks.
void restart_workers() noexcept;
/// Lets all end, and waits for it.
void end_workers() noexcept;
[[nodiscard]] std::uint64_t worker_starts() noexcept;
[[nodiscard]] std::uint64_t worker_migrations() noexcept;

/// For the task that changes things: waits until there have been some more walks.
void give_way() noexcept;
/// For the walkers: the other side of it.
void end_giving_way() noexcept;

/// Waits until each worker was in no call, after whatever the caller has done before.
void wait_for_new_rounds() noexcept;

/// Now and then in the middle of a call: blocks, gives way, or works on. Until others wake it, if it blocks.
void pause(Worker& worker) noexcept;
/// The same from a callback of a tracer.
void pause_in_callback() noexcept;

/// The first calls of a round (work.cpp).
void work(Worker& worker) noexcept;

/// What workers may call in modules; null where none is loaded.
inline constexpr unsigned module_count = 3;
extern constinit std::array<kernel::modules::Module::Function, module_count> published_modules;

}  // namespace torture
