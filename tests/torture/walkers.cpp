// SPDX-License-Identifier: MIT
#include "torture/walkers.hpp"

#include "sched/scheduler.hpp"

namespace torture {
namespace {

struct Walker {
  kernel::Task* task = nullptr;
  Counts counts;
  Random random{};
  const WorkCode* code = nullptr;
  const surefoot::Kernel* at_boot = nullptr;
  Break fault = Break::nothing;
};

constinit std::array<Walker, most_walkers> walkers{};
constinit unsigned walker_count = 0;
constinit bool must_end = false;

void walker_task(std::uint64_t argument) noexcept {
  // SAFETY: the address of one of the above.
  Walker& walker = *reinterpret_cast<Walker*>(argument);
  Judge judge(*walker.code, *walker.at_boot, walker.fault);
  while (!__atomic_load_n(&must_end, __ATOMIC_ACQUIRE)) {
    Worker& worker = workers()[walker.random.below(static_cast<std::uint32_t>(workers().size()))];
    const auto policy = walker.random.is_once_in(2) ? surefoot::Policy::strict : surefoot::Policy::exact;
    const bool is_blocked = judge.walk(worker, policy, walker.counts);
    // So that it is walked a few times before it goes on.
    if (walker.counts.walks % 64 == 0) end_giving_way();
    if (is_blocked && walker.random.is_once_in(8)) kernel::sched::wake(*worker.task);
  }
}

}  // namespace

bool start_walkers(unsigned count, std::uint64_t seed, const WorkCode& code, const surefoot::Kernel& at_boot,
                   Break fault) noexcept {
  for (; walker_count != count; ++walker_count) {
    Walker& walker = walkers[walker_count];
    walker.random = Random(seed + most_workers + walker_count);
    walker.code = &code;
    walker.at_boot = &at_boot;
    walker.fault = fault;
    walker.task = kernel::sched::create("walker", walker_task, reinterpret_cast<std::uintptr_t>(&walker));
    if (walker.task == nullptr) return false;
  }
  return true;
}

Counts counts_so_far() noexcept {
  Counts all;
  for (const Walker& walker : walkers) all += walker.counts;
  return all;
}

Counts end_walkers() noexcept {
  __atomic_store_n(&must_end, true, __ATOMIC_RELEASE);
  for (unsigned i = 0; i != walker_count; ++i) kernel::sched::join(*walkers[i].task);
  return counts_so_far();
}

}  // namespace torture
