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

std::uint64_t sum(std::span<const std::uint64_t> values) noexcept {
  std::uint64_t all = 0;
  for (const std::uint64_t value : values) all += value;
  return all;
}

// Judges a line at a time, and prints it unless the run only asks whether it may end.
class Table {
 public:
  explicit Table(bool is_printed) noexcept : is_printed_(is_printed) {}

  template <class... Words>
  void text(const Words&... words) const noexcept {
    if (is_printed_) print(words...);
  }
  template <class... Words>
  void line(const char* what, const Words&... words) const noexcept {
    text("  ", what, ": ", words..., "\n");
  }
  void must_be_zero(const char* what, std::uint64_t value) noexcept {
    text(value == 0 ? "  " : "! ", what, ": ", value, "\n");
    is_clean_ = is_clean_ && value == 0;
  }
  template <class... Words>
  void must_happen(const char* what, std::uint64_t value, const Words&... words) noexcept {
    text(value != 0 ? "  " : "! ", what, ": ", value, words..., "\n");
    is_complete_ = is_complete_ && value != 0;
  }

  [[nodiscard]] bool is_clean() const noexcept { return is_clean_; }
  [[nodiscard]] bool is_complete() const noexcept { return is_complete_; }

 private:
  bool is_printed_;
  bool is_clean_ = true;     // nothing happened that must not
  bool is_complete_ = true;  // all has happened that must
};

void go_over_seen(Table& table, const Counts& counts) noexcept {
  table.text("walks of a task that was: all, reliable by strict, reliable by exact\n");
  for (std::size_t i = 0; i != seen_count; ++i) {
    table.must_happen(to_string(static_cast<Seen>(i)), counts.seen[i], " ", counts.reliable_strict[i], " ",
                      counts.reliable_exact[i]);
  }
}

void go_over_reasons(Table& table, const Counts& counts) noexcept {
  using surefoot::EvidenceBit;
  using surefoot::StopReason;
  table.text("why walks ended\n");
  for (std::size_t i = 0; i != counts.stops.size(); ++i) {
    const auto stop = static_cast<StopReason>(i);
    const bool must =
        stop == StopReason::final_record || stop == StopReason::task_running || stop == StopReason::task_moved;
    if (must) {
      table.must_happen(to_string(stop), counts.stops[i]);
    } else if (counts.stops[i] != 0) {
      table.line(to_string(stop), counts.stops[i]);
    }
  }
  table.text("what unreliable walks noticed\n");
  for (std::size_t i = 0; i != counts.unreliable_by.size(); ++i) {
    const auto bit = static_cast<EvidenceBit>(std::uint32_t{1} << i);
    const bool must = bit == EvidenceBit::crossed_exception || bit == EvidenceBit::in_special_range ||
                      bit == EvidenceBit::return_address_hooked;
    if (must) {
      table.must_happen(to_string(bit), counts.unreliable_by[i]);
    } else if (counts.unreliable_by[i] != 0) {
      table.line(to_string(bit), counts.unreliable_by[i]);
    }
  }
}

void go_over(Table& table, const Totals& totals) noexcept {
  const Counts& counts = totals.counts;
  table.text("what must not happen\n");
  for (std::size_t i = 0; i != failure_count; ++i) {
    table.must_be_zero(to_string(static_cast<Failure>(i)), counts.failures[i]);
  }
  table.must_be_zero("changes that were refused", totals.changes.refused);
  table.must_be_zero("samples by interrupts that were wrong", totals.samples.wrong);
  go_over_seen(table, counts);
  table.line("reliable, but of which stay nobody knows", counts.unjudged);
  go_over_reasons(table, counts);
  table.text("what must happen\n");
  table.must_happen("walks of a task that an interrupt took off its CPU", counts.preempted);
  table.must_happen("the same, in a trampoline", counts.in_trampoline);
  table.must_happen("reliable walks of hooked calls", counts.hooked);
  table.must_happen("reliable walks through a module", counts.in_module);
  table.must_happen("reliable walks through a patch", counts.patched);
  table.must_happen("tracers registered or unregistered", totals.changes.tracers);
  table.must_happen("live patches applied or taken back", totals.changes.patches);
  table.must_happen("modules loaded", totals.changes.loads);
  table.must_happen("modules unloaded", totals.changes.unloads);
  table.line("changes of modules that were postponed", totals.changes.postponed);
  table.must_happen("migrations of tasks", totals.migrations);
  table.line("tasks started", totals.starts);
  table.must_happen("samples by interrupts", totals.samples.all);
  table.must_happen("samples of workers", totals.samples.of_workers);
  table.must_happen("samples in trampolines", totals.samples.in_trampolines);
  table.must_happen("samples in walks", totals.samples.in_walks);
  table.line("samples of idle tasks", totals.samples.of_idle_tasks);
  table.line("samples in the middle of a redirection (F2)", totals.samples.excused);
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
  Table table(true);
  go_over(table, totals);
  const Counts& counts = totals.counts;
  const bool is_good = table.is_clean() && table.is_complete();
  print("torture: ", counts.walks, " walks in ", totals.milliseconds, " ms, ",
        counts.walks * 1000 / (totals.milliseconds + 1), " a second, reliable ",
        sum(counts.reliable_strict) + sum(counts.reliable_exact), ": ", is_good ? "good" : "NOT GOOD", "\n");
  return is_good;
}

bool is_complete(const Totals& totals) noexcept {
  Table table(false);
  go_over(table, totals);
  return table.is_complete();
}

Counts& Counts::operator+=(const Counts& other) noexcept {
  const auto add = [](auto& to, const auto& from) {
    for (std::size_t i = 0; i != to.size(); ++i) add_count(to[i], from[i]);
  };
  add_count(walks, other.walks);
  add(seen, other.seen);
  add(reliable_strict, other.reliable_strict);
  add(reliable_exact, other.reliable_exact);
  add(failures, other.failures);
  add(stops, other.stops);
  add(unreliable_by, other.unreliable_by);
  add_count(unjudged, other.unjudged);
  add_count(preempted, other.preempted);
  add_count(in_trampoline, other.in_trampoline);
  add_count(hooked, other.hooked);
  add_count(in_module, other.in_module);
  add_count(patched, other.patched);
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
