// SPDX-License-Identifier: MIT
//
// The order of a panic: who is first, how deep it is, and what becomes of the other CPUs. Nothing here waits: the
// kernel's functions do, for as long as they see fit.
#include "surefoot/panic.hpp"

namespace surefoot::panic {
namespace {

// The console, as long as it lives. Text is written whether it could be had or not.
class Console {
 public:
  explicit Console(const Port& port) noexcept : port_(port) {
    if (port.take_console != nullptr) is_own_ = port.take_console(port.object);
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

void write_line_end(const Output& output) noexcept {
  constexpr char line_end = '\n';
  output.write(output.object, &line_end, 1);
}

// What is known of another CPU.
[[gnu::noinline]] void report_other(const Report& report, const Port& port, std::uint32_t cpu) noexcept {
  // All that holds for the kernel, and nothing of the task.
  Report other{.cpu = cpu,
               .general_registers = report.general_registers,
               .kernel = report.kernel,
               .symbols = report.symbols,
               .symbols_of = report.symbols_of,
               .symbols_object = report.symbols_object,
               .memory = report.memory};
  const Standing standing = port.wait_for(port.object, cpu, other);
  switch (standing) {  // No default: -Wswitch names the enumerator that was forgotten.
    case Standing::stopped: {
      const Console console(port);
      print_report(other, Heading::stopped, console.output());
      return;
    }
    case Standing::silent: {
      const Console console(port);
      // It may still run: its stack is in use, and nothing of it is walked.
      print_report({.cpu = cpu, .task_name = other.task_name, .task_number = other.task_number}, Heading::silent,
                   console.output());
      return;
    }
    case Standing::reported:
    case Standing::absent: return;
  }
}

[[gnu::noinline]] void report_own(const Report& report, const Port& port, bool is_nested) noexcept {
  const Console console(port);
  const Output output = console.output();
  // The line that the failure interrupted has its end here.
  write_line_end(output);
  if (is_nested) {
    print_brief(report, Heading::panic_in_panic, output);
  } else {
    print_report(report, Heading::panic, output);
  }
}

}  // namespace

Outcome handle(const Report& report, const Port& port, AllCpus& all, OwnCpu& own) noexcept {
  // Only this CPU counts here, and an exception in between is the next panic.
  const std::uint32_t depth = own.depth + 1;
  if (depth > 2) return Outcome::give_up;
  __atomic_store_n(&own.depth, depth, __ATOMIC_RELAXED);

  const bool has_others = port.cpu_count > 1 && port.wait_for != nullptr;
  const bool is_nested = depth == 2;
  const bool ends_machine = is_first(report, port, all);
  if (ends_machine && !is_nested && has_others && port.stop_others != nullptr) port.stop_others(port.object);
  report_own(report, port, is_nested);
  if (!ends_machine) return Outcome::stay;
  for (std::uint32_t cpu = 0; has_others && !is_nested && cpu < port.cpu_count; ++cpu) {
    if (cpu != report.cpu) report_other(report, port, cpu);
  }
  return Outcome::end_machine;
}

}  // namespace surefoot::panic
