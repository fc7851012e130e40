// SPDX-License-Identifier: MIT
//
// Steps every workload in every mode, each in a task of its own, and then pseudo-random ones until there are enough
// steps.
//
//   [--list] [--steps N] [--break RULE]
#include "boot/run.hpp"

#include <array>
#include <cstdint>

#include "boot/command_line.hpp"
#include "console/console.hpp"
#include "sched/scheduler.hpp"
#include "sweep/breakage.hpp"
#include "sweep/report.hpp"
#include "sweep/stepper.hpp"
#include "sweep/workloads.hpp"
#include "walks/description.hpp"
#include "walks/linked_tables.hpp"

extern "C" {
void kernel_task_entry() noexcept;
void kernel_task_begin() noexcept;
}

namespace sweep {
namespace {

namespace console = kernel::console;

constinit CodeMap code{};
constinit std::span<const char> broken_rule{};
// The kernel with the broken rule.
constinit kernel::walks::Description broken_description{};
constinit std::array<surefoot::Interval, kernel::walks::most_intervals> broken_intervals{};

struct Run {
  const Workload& workload;
  Counts counts;
};

// The outermost function of every run.
void sweep_task(std::uint64_t argument) noexcept {
  // SAFETY: run_one() passes the address of a Run, and waits for this task.
  Run& run = *reinterpret_cast<Run*>(argument);
  const kernel::walks::Description& description =
      broken_rule.empty() ? kernel::walks::description() : broken_description;
  Judge judge(description.described(), kernel::walks::here(), code, run.counts);
  const std::uint64_t outermost_first[] = {
      find_return_address(kernel_task_entry, reinterpret_cast<std::uintptr_t>(&kernel_task_begin)),
      reinterpret_cast<std::uintptr_t>(__builtin_return_address(0))};
  stepper::begin(judge, outermost_first);
  unmask_debug();
  run.workload.run();
  mask_debug();
  if (!stepper::end()) ++run.counts.broken;
}

Counts run_one(const Workload& workload, Mode mode) noexcept {
  Run run{workload, {}};
  set_workload(workload.name, to_string(mode));
  const bool is_begun = begin_tracing(mode, workload.action);
  kernel::Task* const task = kernel::sched::create(workload.name, sweep_task, reinterpret_cast<std::uintptr_t>(&run));
  if (task != nullptr) kernel::sched::join(*task);
  const bool is_ended = end_tracing(mode);
  if (task == nullptr || !is_begun || !is_ended) {
    report_broken("the workload could not be run");
    ++run.counts.broken;
  }
  return run.counts;
}

// Each mode in turn, with a new seed each, until there are enough steps.
Counts run_random(std::uint64_t wanted_steps, Counts total) noexcept {
  const Workload& workload = random_workload();
  Counts by_mode[std::size(all_modes)];
  std::uint64_t seed = 0x5eed;
  const std::uint64_t first_seed = seed;
  do {
    for (std::size_t i = 0; i < std::size(all_modes); ++i) {
      set_seed(seed++);
      const Counts counts = run_one(workload, all_modes[i]);
      by_mode[i] += counts;
      total += counts;
    }
  } while (total.steps < wanted_steps && total.broken == 0);
  console::print("seeds ", console::hex(first_seed), " to ", console::hex(seed - 1), "\n");
  for (std::size_t i = 0; i < std::size(all_modes); ++i) {
    print_counts(workload.name, to_string(all_modes[i]), by_mode[i]);
  }
  return total;
}

// True if there is nothing more to show: a broken rule has been noticed.
bool is_done(const Counts& total) noexcept { return !broken_rule.empty() && !total.are_good(); }

int run_all(std::uint64_t wanted_steps) noexcept {
  Counts total;
  for (const Workload& workload : fixed_workloads()) {
    for (const Mode mode : workload.modes) {
      if (is_done(total)) break;
      const Counts counts = run_one(workload, mode);
      print_counts(workload.name, to_string(mode), counts);
      total += counts;
    }
  }
  if (!is_done(total)) total = run_random(wanted_steps, total);
  print_inexact(code);
  print_excepted(total);
  print_outlined(code);
  if (!is_done(total)) total.broken += print_unreached(code);
  print_counts("total", nullptr, total);
  return total.are_good() ? 0 : 1;
}

bool initialize() noexcept {
  using namespace kernel::walks;
  initialize_report(linked_symbols());
  if (!initialize_tracing() || !kernel::walks::initialize()) return false;
  surefoot::Region image = description().image();
  set_code_map(code);
  if (!has_name_for_all(image.special_ranges)) return false;
  if (!code.initialize(image.text, image.special_ranges, patch_entries())) return false;
  if (broken_rule.empty()) return true;
  return break_rule(broken_rule, image) && broken_description.make(image, broken_intervals);
}

int list() noexcept {
  for (const Workload& workload : fixed_workloads()) {
    for (const Mode mode : workload.modes) console::print("workload ", workload.name, "/", to_string(mode), "\n");
  }
  for (const Mode mode : all_modes) console::print("workload ", random_workload().name, "/", to_string(mode), "\n");
  for (std::size_t i = 0; rule_name(i) != nullptr; ++i) console::print("rule ", rule_name(i), "\n");
  return 0;
}

struct Options {
  bool is_list = false;
  bool has_others = false;  ///< some that say how to run
  std::uint64_t wanted_steps = 500'000;
};

// False if the word is empty or no number. More than 18 digits might not fit.
bool read_number(std::span<const char> word, std::uint64_t& number) noexcept {
  number = 0;
  for (const char digit : word) {
    if (digit < '0' || digit > '9') return false;
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return !word.empty() && word.size() <= 18;
}

bool is_rule(std::span<const char> word) noexcept {
  for (std::size_t i = 0; rule_name(i) != nullptr; ++i) {
    if (kernel::is_word(word, rule_name(i))) return true;
  }
  return false;
}

// Nothing runs before all words are read. False if there is one that cannot be used.
bool read_options(kernel::CommandLine& words, Options& options) noexcept {
  for (std::span<const char> word = words.next(); !word.empty(); word = words.next()) {
    if (kernel::is_word(word, "--list")) {
      options.is_list = true;
      continue;
    }
    options.has_others = true;
    if (kernel::is_word(word, "--steps")) {
      if (!read_number(words.next(), options.wanted_steps)) return false;
    } else if (kernel::is_word(word, "--break")) {
      broken_rule = words.next();
      if (!is_rule(broken_rule)) return false;
    } else {
      return false;
    }
  }
  return words.is_complete() && !(options.is_list && options.has_others);
}

int run(kernel::CommandLine& words) noexcept {
  Options options;
  if (!read_options(words, options)) {
    console::print("sweep: the command line is [--steps NUMBER] [--break RULE], or --list, which lists the rules\n");
    return 2;
  }
  if (options.is_list) return list();
  if (initialize()) return run_all(options.wanted_steps);
  console::print("sweep: the kernel's tables are not usable, or a rule in them has no name here\n");
  return 1;
}

}  // namespace
}  // namespace sweep

int kernel::run() noexcept {
  kernel::CommandLine words;
  return sweep::run(words);
}
