// SPDX-License-Identifier: MIT
//
// Workers begin, work, wait and end. Not compiled for tracing.
#include "torture/worker.hpp"

#include "arch/cpu.hpp"
#include "sched/scheduler.hpp"
#include "torture/work.hpp"

namespace torture {

constinit std::array<kernel::modules::Module::Function, module_count> published_modules{};

namespace {

using kernel::Task;
using kernel::TaskState;

constexpr std::uint32_t most_left = 24;  // two calls through a module take four levels of a record
static_assert(2 * most_left + 4 < most_calls);

constinit std::array<Worker, most_workers> pool{};
constinit unsigned worker_count = 0;
constinit bool must_end = false;
constinit std::uint64_t starts = 0;
constinit std::uint64_t migrations = 0;
constinit std::array<Worker*, kernel::task_count> worker_of_task{};  // by the task's place in the pool

bool must_work_end() noexcept { return __atomic_load_n(&must_end, __ATOMIC_ACQUIRE); }

void worker_task(std::uint64_t argument) noexcept {
  // SAFETY: the address of a worker of the pool.
  Worker& worker = *reinterpret_cast<Worker*>(argument);
  __atomic_store_n(&worker_of_task[kernel::sched::current().index], &worker, __ATOMIC_RELEASE);
  for (std::uint32_t rounds = 20 + worker.random.below(200); rounds != 0 && !must_work_end(); --rounds) {
    work(worker);
    __atomic_store_n(&worker.rounds, worker.rounds + 1, __ATOMIC_RELEASE);
  }
  __atomic_store_n(&worker_of_task[kernel::sched::current().index], nullptr, __ATOMIC_RELEASE);
}

bool has_ended(const Worker& worker) noexcept { return worker.task->load_state() == TaskState::exited; }

// `life` is even while the task is another one than before or after.
bool start(Worker& worker) noexcept {
  Task* const task = kernel::sched::create("worker", worker_task, reinterpret_cast<std::uintptr_t>(&worker));
  if (task == nullptr) return false;
  ++starts;
  __atomic_store_n(&worker.task, task, __ATOMIC_RELEASE);
  __atomic_fetch_add(&worker.life, 1, __ATOMIC_SEQ_CST);
  return true;
}

void finish(Worker& worker) noexcept {
  __atomic_fetch_add(&worker.life, 1, __ATOMIC_SEQ_CST);
  migrations += worker.task->migrations;
  worker.task->migrations = 0;
  kernel::sched::join(*worker.task);
}

}  // namespace

std::span<Worker> workers() noexcept { return std::span(pool).first(worker_count); }

Worker* running_worker() noexcept {
  return __atomic_load_n(&worker_of_task[kernel::sched::current().index], __ATOMIC_ACQUIRE);
}

bool start_workers(unsigned count, std::uint64_t seed) noexcept {
  for (; worker_count != count; ++worker_count) {
    pool[worker_count].random = Random(seed + worker_count);
    if (!start(pool[worker_count])) return false;
  }
  return true;
}

void restart_workers() noexcept {
  for (Worker& worker : workers()) {
    if (!has_ended(worker)) continue;
    finish(worker);
    static_cast<void>(start(worker));
  }
}

void end_workers() noexcept {
  __atomic_store_n(&must_end, true, __ATOMIC_RELEASE);
  for (Worker& worker : workers()) {
    while (!has_ended(worker)) {
      kernel::sched::wake(*worker.task);
      kernel::sched::yield();
    }
    finish(worker);
  }
}

std::uint64_t worker_starts() noexcept { return starts; }
std::uint64_t worker_migrations() noexcept { return migrations; }

// It is the main task, which would otherwise take the scheduler's lock again and again.
void give_way() noexcept { kernel::sched::block(); }
void end_giving_way() noexcept { kernel::sched::wake(kernel::sched::at(0)); }

void wait_for_new_rounds() noexcept {
  for (Worker& worker : workers()) {
    const std::uint64_t before = __atomic_load_n(&worker.rounds, __ATOMIC_ACQUIRE);
    while (__atomic_load_n(&worker.rounds, __ATOMIC_ACQUIRE) == before && !has_ended(worker)) give_way();
  }
}

// The task of a record waits here, and nowhere else.
[[gnu::noinline]] void pause(Worker& worker) noexcept {
  if (must_work_end()) return;
  const std::uint32_t what = worker.random.below(8);
  if (what < 5) {
    kernel::sched::block();
  } else if (what < 6) {
    kernel::sched::yield();
  } else {
    for (std::uint32_t turns = worker.random.below(20'000); turns != 0; --turns) asm volatile("" ::: "memory");
  }
  asm volatile("" ::: "memory");  // no tail call
}

void pause_in_callback() noexcept {
  Worker* const worker = running_worker();
  if (worker == nullptr || must_work_end() || !worker->random.is_once_in(64)) return;
  worker->record.set_in_callback(true);
  kernel::sched::block();
  worker->record.set_in_callback(false);
}

[[gnu::noinline]] void work(Worker& worker) noexcept {
  worker.record.call();
  call_by_pointer(worker, worker.random.below(most_left + 1));
  worker.record.returned();
}

}  // namespace torture
