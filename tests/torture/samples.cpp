// SPDX-License-Identifier: MIT
//
// The interrupted code stands still while its own CPU handles the interrupt, so that the exact policy has a rule for
// each of its instructions, and a worker's record is exact.
#include "torture/samples.hpp"

#include <array>

#include "arch/cpu.hpp"
#include "arch/interrupts.hpp"
#include "devices/generic_timer.hpp"
#include "sched/scheduler.hpp"
#include "smp/smp.hpp"
#include "torture/counts.hpp"
#include "torture/judge.hpp"
#include "torture/report.hpp"
#include "torture/worker.hpp"
#include "walks/code_maps.hpp"
#include "walks/description.hpp"

namespace torture {
namespace {

namespace timer = kernel::generic_timer;

// Of each CPU, for its handler alone, which nothing interrupts.
struct alignas(64) Place {
  Samples samples;
  Snapshot record;
  std::array<surefoot::Frame, 2 * most_calls> frames;
};
constinit std::array<Place, kernel::cpu::most> places{};
constinit const WorkCode* work_code = nullptr;
constinit bool is_sampling = false;

void judge(const surefoot::Trace& trace, Place& place) noexcept {
  Samples& samples = place.samples;
  ++samples.all;
  bool is_in_trampoline = false;
  bool is_in_walk = false;
  for (const surefoot::Frame& frame : trace.frames) {
    is_in_trampoline = is_in_trampoline || is_trampoline(frame.special);
    is_in_walk = is_in_walk || work_code->is_in(frame.address().lookup(), Around::walk);
  }
  if (is_in_trampoline) ++samples.in_trampolines;
  if (is_in_walk) ++samples.in_walks;
  Worker* const worker = running_worker();
  place.record.depth = 0;
  if (worker != nullptr) {
    ++samples.of_workers;
    worker->record.copy_to(place.record);
  }
  if (kernel::sched::is_idle(kernel::sched::current())) ++samples.of_idle_tasks;
  if (!trace.verdict.is_reliable() && trace.verdict.evidence.has(surefoot::EvidenceBit::saved_pc_differs)) {
    ++samples.excused;
  } else if (!trace.verdict.is_reliable() || (worker != nullptr && !is_right(*work_code, trace, place.record))) {
    ++samples.wrong;
    report_failure(Failure::false_reliable, Seen::running, trace, place.record);
  }
}

void on_timer(kernel::ExceptionFrame&) noexcept {
  timer::arm(static_cast<std::uint32_t>(timer::frequency() / 1000));
  kernel::sched::request_preemption();
  if (!__atomic_load_n(&is_sampling, __ATOMIC_ACQUIRE)) return;
  const kernel::walks::WalkScope scope;
  Place& place = places[kernel::cpu::index()];
  judge(walk(surefoot::Start::here(), kernel::walks::description().described(), kernel::walks::here(), place.frames,
             surefoot::Policy::exact),
        place);
}

}  // namespace

void start_samples(const WorkCode& code) noexcept {
  work_code = &code;
  __atomic_store_n(&is_sampling, true, __ATOMIC_RELEASE);
  kernel::smp::call_on_all([](std::uint64_t) {
    kernel::interrupts::set_handler(timer::interrupt_id, on_timer);
    timer::arm(1000);
  });
}

Samples samples_so_far() noexcept {
  Samples all;
  for (const Place& place : places) {
    add_count(all.all, place.samples.all);
    add_count(all.of_workers, place.samples.of_workers);
    add_count(all.of_idle_tasks, place.samples.of_idle_tasks);
    add_count(all.in_walks, place.samples.in_walks);
    add_count(all.in_trampolines, place.samples.in_trampolines);
    add_count(all.excused, place.samples.excused);
    add_count(all.wrong, place.samples.wrong);
  }
  return all;
}

Samples end_samples() noexcept {
  __atomic_store_n(&is_sampling, false, __ATOMIC_RELEASE);
  kernel::smp::call_on_others([](std::uint64_t) {});  // no handler samples any more
  return samples_so_far();
}

}  // namespace torture
