// SPDX-License-Identifier: MIT
#include "torture/report.hpp"

#include <array>
#include <cstddef>

#include "console/console.hpp"

namespace torture {
namespace {

using kernel::console::hex;
using kernel::console::print;

constinit const surefoot::Symbols* names = nullptr;
constinit std::uint32_t shown = 0;
constexpr std::uint32_t most_shown = 4;

constinit bool all_good = true;

void line(const char* what, std::uint64_t value) noexcept { print("  ", what, ": ", value, "\n"); }

void must_be_zero(const char* what, std::uint64_t value) noexcept {
  print(value == 0 ? "  " : "! ", what, ": ", value, "\n");
  all_good = all_good && value == 0;
}

void must_happen(const char* what, std::uint64_t value) noexcept {
  print(value != 0 ? "  " : "! ", what, ": ", value, "\n");
  all_good = all_good && value != 0;
}

std::uint64_t sum(std::span<const std::uint64_t> values) noexcept {
  std::uint64_t all = 0;
  for (const std::uint64_t value : values) all += value;
  return all;
}

void report_seen(const Counts& counts) noexcept {
  print("walks of a task that was: all, reliable by strict, reliable by exact\n");
  for (std::size_t i = 0; i != seen_count; ++i) {
    print(counts.seen[i] != 0 ? "  " : "! ", to_string(static_cast<Seen>(i)), ": ", counts.seen[i], " ",
          counts.reliable_strict[i], " ", counts.reliable_exact[i], "\n");
    all_good = all_good && counts.seen[i] != 0;
  }
}

void report_reasons(const Counts& counts) noexcept {
  using surefoot::EvidenceBit;
  using surefoot::StopReason;
  print("why walks ended\n");
  for (std::size_t i = 0; i != counts.stops.size(); ++i) {
    const auto stop = static_cast<StopReason>(i);
    const bool must =
        stop == StopReason::final_record || stop == StopReason::task_running || stop == StopReason::task_moved;
    if (must) {
      must_happen(to_string(stop), counts.stops[i]);
    } else if (counts.stops[i] != 0) {
      line(to_string(stop), counts.stops[i]);
    }
  }
  print("what unreliable walks noticed\n");
  for (std::size_t i = 0; i != counts.unreliable_by.size(); ++i) {
    const auto bit = static_cast<EvidenceBit>(std::uint32_t{1} << i);
    const bool must = bit == EvidenceBit::crossed_exception || bit == EvidenceBit::in_special_range ||
                      bit == EvidenceBit::return_address_hooked;
    if (must) {
      must_happen(to_string(bit), counts.unreliable_by[i]);
    } else if (counts.unreliable_by[i] != 0) {
      line(to_string(bit), counts.unreliable_by[i]);
    }
  }
}

}  // namespace

void prepare_report(const surefoot::Symbols& symbols) noexcept { names = &symbols; }

void report_failure(Failure failure, Seen seen, const surefoot::Trace& trace, const Snapshot& record) noexcept {
  if (__atomic_fetch_add(&shown, 1, __ATOMIC_RELAXED) >= most_shown) return;
  const kernel::console::Hold hold(kernel::console::Patience::endless);
  const surefoot::Verdict& verdict = trace.verdict;
  print("failure ", to_string(failure), ": ", to_string(seen), ", ", to_string(verdict.policy), ", ",
        to_string(verdict.reliability), ", ", to_string(verdict.stop), ", evidence ", hex(verdict.evidence.bits()),
        "\n");
  for (const surefoot::Frame& frame : trace.frames) {
    const surefoot::Symbol symbol = names->find(frame.address());
    std::array<char, 64> name{'?'};
    if (symbol.is_known()) symbol.name.copy_to(name);
    print("  ", hex(frame.pc), " ", name.data(), "\n");
  }
  print("  record");
  for (std::uint32_t i = record.depth; i-- != 0;) print(" ", std::uint32_t{record.ids[i]});
  print("\n");
}

bool report(const Totals& totals) noexcept {
  const Counts& counts = totals.counts;
  all_good = true;
  print("what must not happen\n");
  for (std::size_t i = 0; i != failure_count; ++i) must_be_zero(to_string(static_cast<Failure>(i)), counts.failures[i]);
  must_be_zero("changes that were refused", totals.changes.refused);
  must_be_zero("samples by interrupts that were wrong", totals.samples.wrong);
  report_seen(counts);
  line("reliable, but of which stay nobody knows", counts.unjudged);
  report_reasons(counts);
  print("what must happen\n");
  must_happen("walks of a task that an interrupt took off its CPU", counts.preempted);
  must_happen("the same, in a trampoline", counts.in_trampoline);
  must_happen("reliable walks of hooked calls", counts.hooked);
  must_happen("reliable walks through a module", counts.in_module);
  must_happen("reliable walks through a patch", counts.patched);
  must_happen("tracers registered or unregistered", totals.changes.tracers);
  must_happen("live patches applied or taken back", totals.changes.patches);
  must_happen("modules loaded", totals.changes.loads);
  must_happen("modules unloaded", totals.changes.unloads);
  line("changes of modules that were postponed", totals.changes.postponed);
  must_happen("migrations of tasks", totals.migrations);
  line("tasks started", totals.starts);
  must_happen("samples by interrupts", totals.samples.all);
  must_happen("samples of workers", totals.samples.of_workers);
  must_happen("samples in trampolines", totals.samples.in_trampolines);
  must_happen("samples in walks", totals.samples.in_walks);
  line("samples of idle tasks", totals.samples.of_idle_tasks);
  line("samples in the middle of a redirection (F2)", totals.samples.excused);
  print("torture: ", counts.walks, " walks in ", totals.milliseconds, " ms, ",
        counts.walks * 1000 / (totals.milliseconds + 1), " a second, reliable ",
        sum(counts.reliable_strict) + sum(counts.reliable_exact), ": ", all_good ? "good" : "NOT GOOD", "\n");
  return all_good;
}

Counts& Counts::operator+=(const Counts& other) noexcept {
  const auto add = [](auto& to, const auto& from) {
    for (std::size_t i = 0; i != to.size(); ++i) to[i] += from[i];
  };
  walks += other.walks;
  add(seen, other.seen);
  add(reliable_strict, other.reliable_strict);
  add(reliable_exact, other.reliable_exact);
  add(failures, other.failures);
  add(stops, other.stops);
  add(unreliable_by, other.unreliable_by);
  unjudged += other.unjudged;
  preempted += other.preempted;
  in_trampoline += other.in_trampoline;
  hooked += other.hooked;
  in_module += other.in_module;
  patched += other.patched;
  return *this;
}

const char* to_string(Seen seen) noexcept {
  switch (seen) {  // No default: -Wswitch names the enumerator that was forgotten.
    case Seen::running: return "running";
    case Seen::blocked: return "blocked";
    case Seen::blocked_in_callback: return "blocked in a callback";
    case Seen::off_cpu: return "not blocked, off its CPU";
    case Seen::moving: return "coming or going";
  }
  return "unknown";
}

const char* to_string(Failure failure) noexcept {
  switch (failure) {  // No default: -Wswitch names the enumerator that was forgotten.
    case Failure::false_reliable: return "false reliable";
    case Failure::blocked_wrong: return "blocked, and not right";
    case Failure::not_refused: return "running, and not refused";
    case Failure::refused_wrongly: return "off its CPU, and refused";
    case Failure::needless: return "off its CPU, and needlessly unreliable";
  }
  return "unknown";
}

}  // namespace torture
