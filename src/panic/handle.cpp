// SPDX-License-Identifier: MIT
//
// The order of a panic: who is first, how deep it is, and what becomes of the other CPUs. Nothing here waits: the
// kernel's functions do, for as long as they see fit.
#include "surefoot/panic.hpp"

namespace surefoot::panic {
namespace {

// The console, as long as it lives. Text is written whether it could be had or not; one that could not is not asked for
// again: who keeps it is dead, and each attempt takes its time.
class Console {
 public:
  Console(const Port& port, bool& is_lost) noexcept : port_(port) {
    if (port.take_console == nullptr || is_lost) return;
    is_own_ = port.take_console(port.object);
    is_lost = !is_own_;
  }
  ~Console() {
    if (is_own_ && port_.release_console != nullptr) port_.release_console(port_.object);
  }
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  [[nodiscard]] Output output() const noexcept { return {.write = port_.write, .object = port_.object}; }

 private:
  const Port& port_;
  bool is_own_ = false;
};

// True for one CPU only, however often it asks.
bool is_first(const Report& report, const Port& port, AllCpus& all) noexcept {
  // A kernel with one CPU may be here before its MMU is on, where exclusive accesses may not work.
  if (port.cpu_count < 2 || report.cpu == unknown_cpu) return true;
  std::uint32_t none = 0;
  const std::uint32_t own = report.cpu + 1;
  return __atomic_compare_exchange_n(&all.first, &none, own, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) || none == own;
}

// A panic as it goes on.
struct Progress {
  const Report& report;
  const Port& port;
  bool is_nested;
  bool is_console_lost = false;
};

void print(const Report& report, Heading heading, bool is_brief, const Output& output) noexcept {
  if (is_brief) {
    print_brief(report, heading, output);
  } else {
    print_report(report, heading, output);
  }
}

// What is known of another CPU.
[[gnu::noinline]] void report_other(Progress& progress, std::uint32_t cpu) noexcept {
  // All that holds for the kernel, and nothing of the task.
  const Report& own = progress.report;
  Report other{.cpu = cpu,
               .general_registers = own.general_registers,
               .kernel = own.kernel,
               .policy = own.policy,
               .symbols = own.symbols,
               .symbols_of = own.symbols_of,
               .symbols_object = own.symbols_object,
               .memory = own.memory};
  Heading heading = Heading::stopped;
  switch (progress.port.wait_for(progress.port.object, cpu, other)) {  // No default: -Wswitch names what it forgot.
    case Standing::stopped: break;
    case Standing::silent:
      heading = Heading::silent;
      // It may still run: its stack is in use, and nothing of it is read.
      other.exception_frame_at = 0;
      other.syndrome = nullptr;
      other.task = nullptr;
      other.start = nullptr;
      break;
    case Standing::reported:
    case Standing::absent: return;
  }
  const Console console(progress.port, progress.is_console_lost);
  print(other, heading, progress.is_nested, console.output());
}

[[gnu::noinline]] void report_own(Progress& progress) noexcept {
  const Console console(progress.port, progress.is_console_lost);
  const Output output = console.output();
  // The line that the failure interrupted has its end here.
  constexpr char line_end = '\n';
  output({&line_end, 1});
  print(progress.report, progress.is_nested ? Heading::panic_in_panic : Heading::panic, progress.is_nested, output);
}

}  // namespace

Outcome handle(const Report& report, const Port& port, AllCpus& all, OwnCpu& own) noexcept {
  // Only this CPU counts here, and an exception in between is the next panic.
  const std::uint32_t depth = own.depth + 1;
  if (depth > 2) return Outcome::give_up;
  __atomic_store_n(&own.depth, depth, __ATOMIC_RELAXED);

  Progress progress{.report = report, .port = port, .is_nested = depth == 2};
  const bool ends_machine = is_first(report, port, all);
  if (ends_machine && !progress.is_nested && port.stop_others != nullptr) port.stop_others(port.object);
  report_own(progress);
  if (!ends_machine) return Outcome::stay;
  // In a panic in a panic too: one that panics at the same time is to come to its end.
  for (std::uint32_t cpu = 0; port.wait_for != nullptr && cpu < port.cpu_count; ++cpu) {
    if (cpu != report.cpu) report_other(progress, cpu);
  }
  return Outcome::end_machine;
}

}  // namespace surefoot::panic
