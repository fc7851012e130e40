// SPDX-License-Identifier: MIT
//
// Rounds: each task is held off its CPU by the scheduler's lock while it is walked and switched.
#include "uses/livepatch/transition.hpp"

#include <array>

#include "arch/spin_lock.hpp"
#include "console/console.hpp"
#include "sched/lock.hpp"
#include "sched/scheduler.hpp"
#include "uses/livepatch/functions.hpp"
#include "uses/livepatch/report.hpp"
#include "uses/livepatch/worker.hpp"
#include "walks/description.hpp"
#include "walks/execution_state.hpp"
#include "walks/linked_tables.hpp"

namespace livepatch {
namespace {

namespace console = kernel::console;
namespace sched = kernel::sched;

using surefoot::AddressRange;
using surefoot::livepatch::Finding;
using surefoot::livepatch::Patch;
using surefoot::livepatch::Patches;
using surefoot::livepatch::Replacement;
using surefoot::livepatch::Round;

constexpr unsigned patch_count = version_count - 1;
constexpr std::size_t functions_a_patch = 2;
constexpr unsigned most_rounds = 20;

const surefoot::livepatch::TaskState* current_state(const Patch&) noexcept { return &state_of(sched::current()); }

constinit std::array<Patch*, patch_count> storage{};
constinit Patches all_patches{storage};
constinit std::array<std::array<Replacement, functions_a_patch>, patch_count> replacements{};
constinit std::array<std::array<std::uint64_t, functions_a_patch>, patch_count> filters{};
constinit Patch patch_1(replacements[0], filters[0], current_state);
constinit Patch patch_2(replacements[1], filters[1], current_state);

constinit surefoot::Policy policy = surefoot::Policy::strict;
constinit Break fault = Break::nothing;
constinit const surefoot::Kernel* described = nullptr;
constinit Totals all_totals{};

// The one lock over patches and their tracers. Whoever has it may be waiting for other CPUs, so that nobody waits for
// it with interrupts masked.
constinit kernel::SpinLock change_lock;
constinit std::array<surefoot::Frame, 256> frames{};  // of who has the lock

class Changing {
 public:
  Changing() noexcept {
    while (!change_lock.try_lock()) sched::yield();
  }
  ~Changing() { change_lock.unlock(); }
  Changing(const Changing&) = delete;
  Changing& operator=(const Changing&) = delete;
};

Patch& patch_of(unsigned patch) noexcept { return patch == 1 ? patch_1 : patch_2; }

// [round]
// The running task, from the function that asks.
[[gnu::noinline]] Finding switch_own(surefoot::livepatch::TaskState& state) noexcept {
  return all_patches.switch_task(state, walk(surefoot::Start::here(), kernel::walks::description().described(),
                                             kernel::walks::here(), frames, policy));
}

Finding switch_other(kernel::Task& task) noexcept {
  const kernel::Locked locked(sched::lock);  // it gets no CPU until it is switched
  surefoot::Trace trace = walk(surefoot::Start::blocked_task(task.context.registers, task.activity), *described,
                               kernel::walks::blocked(task), frames, policy);
  const bool has_run = trace.verdict.stop == surefoot::StopReason::task_running;
  if (fault == Break::verdict && !has_run) trace.verdict.reliability = surefoot::Reliability::reliable;
  return all_patches.switch_task(state_of(task), trace, task.activity);
}

bool exists(const kernel::Task& task) noexcept {
  const kernel::TaskState state = task.load_state();
  return state != kernel::TaskState::unused && state != kernel::TaskState::exited;
}

Round look_at_all(Report& report) noexcept {
  Round round = all_patches.begin_round(report.in_replacement);
  for (unsigned index = 0; index != kernel::task_count; ++index) {
    kernel::Task& task = sched::at(index);
    if (!exists(task)) continue;
    const bool needs_trace = all_patches.needs_trace(state_of(task));
    Finding found{};
    if (needs_trace) found = &task == &sched::current() ? switch_own(state_of(task)) : switch_other(task);
    round.add(found, index);
    report.add(task, found, needs_trace);
  }
  return round;
}
// [/round]

// Rounds, until one ends the transition. Who holds it up goes on in between, and may switch itself.
void complete(const char* what, bool is_reversed) noexcept {
  Summary summary{.what = what};
  bool is_done = false;
  while (!is_done && summary.rounds != most_rounds) {
    Report report;
    {
      const Changing changing;
      const Round round = look_at_all(report);
      is_done = all_patches.finish(round).has_value();
      // What switched itself since the last round only has to be counted.
      if (report.walks() != 0) print_round(++summary.rounds, report);
    }
    summary.switched_by_rounds += report.count(surefoot::livepatch::Outcome::switched);
    if (is_done) break;
    let_go_on();
    if (is_reversed) {
      // Many have the new version by now, and are in it.
      const Changing changing;
      is_reversed = false;
      if (!all_patches.reverse()) break;
      console::print("  reversed\n");
    }
  }
  // Who was switched goes on, from wherever it was: in calls of two versions, if that was wrong.
  let_all_go_on();
  ++all_totals.transitions;
  all_totals.failed += is_done ? 0U : 1U;
  print_summary(summary, all_patches.target().level(), is_done);
}

void refuse(const char* what, const surefoot::livepatch::RuntimeError& error) noexcept {
  console::print("livepatch: ", what, " is refused: ", to_string(error.refused.code), " at ", error.refused.index,
                 "\n");
  ++all_totals.failed;
}

// A patch that has gone is not called any more, and may be used again.
void release_if_gone(Patch& patch) noexcept {
  if (all_patches.is_applied(patch)) return;
  {
    const Changing changing;
    const auto released = release(all_patches, patch);
    if (!released) return refuse("the release", released.error());
  }
  // Tasks that wait in a callback have to come out of it.
  kernel::walks::wait_for_callbacks(let_all_go_on);
}

}  // namespace

Patches& patches() noexcept { return all_patches; }

const Totals& totals() noexcept { return all_totals; }

void pass_safe_point(surefoot::livepatch::TaskState& state) noexcept {
  if (!all_patches.is_pending(state)) return;
  const Changing changing;
  static_cast<void>(switch_own(state));
}

bool prepare_transitions(surefoot::Policy wanted, Break planted) noexcept {
  policy = wanted;
  fault = planted;
  described = describe_with(fault);
  const surefoot::Symbols symbols = kernel::walks::linked_symbols();
  prepare_report(symbols);
  const auto code_of = [&](auto* function) noexcept {
    const std::uint64_t start = reinterpret_cast<std::uintptr_t>(function);
    const surefoot::Symbol symbol = symbols.find({start, surefoot::CodeAddress::Kind::exact});
    return symbol.is_known() && symbol.offset == 0 ? AddressRange(start, start + symbol.size) : AddressRange();
  };
  replacements = {{{{{.old_code = code_of(&outer), .new_code = code_of(&outer_1)},
                     {.old_code = code_of(&inner), .new_code = code_of(&inner_1)}}},
                   {{{.old_code = code_of(&outer), .new_code = code_of(&outer_2)},
                     {.old_code = code_of(&inner), .new_code = code_of(&inner_2)}}}}};
  return described != nullptr;
}

void apply(unsigned patch, bool is_reversed) noexcept {
  start_looping();
  {
    const Changing changing;
    const auto enabled = enable(all_patches, patch_of(patch));
    if (!enabled) return refuse("a patch", enabled.error());
  }
  complete(patch == 1 ? "apply 1" : is_reversed ? "apply 2, reversed" : "apply 2", is_reversed);
  release_if_gone(patch_of(patch));
}

void remove(unsigned patch) noexcept {
  start_looping();
  {
    const Changing changing;
    const auto begun = all_patches.begin_removal(patch_of(patch));
    if (!begun) return refuse("a removal", {.refused = begun.error()});
  }
  complete(patch == 1 ? "remove 1" : "remove 2", false);
  release_if_gone(patch_of(patch));
}

}  // namespace livepatch
