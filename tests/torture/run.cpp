// SPDX-License-Identifier: MIT
//
// Workers, walkers and changes, until there are enough walks and all that must happen has happened; then what they have
// counted. How often the rarest happens depends on the machine, so that no number of walks is enough everywhere: there
// are up to 20 times as many.
//
//   [--walks N] [--seconds N] [--seed N] [--break FAULT] | --list | --panic
#include "boot/run.hpp"

#include <cstdint>
#include <span>

#include "boot/command_line.hpp"
#include "console/console.hpp"
#include "devices/generic_timer.hpp"
#include "modules/loader.hpp"
#include "sched/scheduler.hpp"
#include "smp/smp.hpp"
#include "torture/changes.hpp"
#include "torture/panics.hpp"
#include "torture/report.hpp"
#include "torture/samples.hpp"
#include "torture/walkers.hpp"
#include "walks/description.hpp"
#include "walks/linked_tables.hpp"

namespace torture {
namespace {

namespace console = kernel::console;
namespace timer = kernel::generic_timer;

using kernel::is_word;

constinit WorkCode work_code{};
// The kernel as it is without modules.
constinit kernel::walks::Description at_boot{};
constinit std::array<surefoot::Interval, kernel::walks::most_intervals> intervals_at_boot{};

struct Options {
  std::uint64_t walks = 200'000;
  std::uint64_t seconds = 3600;
  std::uint64_t seed = 1;
  Break fault = Break::nothing;
  bool is_list = false;
  bool is_panic = false;
};

bool read_number(std::span<const char> word, std::uint64_t& number) noexcept {
  number = 0;
  for (const char digit : word) {
    if (digit < '0' || digit > '9') return false;
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return !word.empty() && word.size() < 18;
}

bool read_fault(std::span<const char> word, Break& fault) noexcept {
  for (const Break candidate : all_breaks) {
    if (is_word(word, to_string(candidate))) fault = candidate;
  }
  return fault != Break::nothing;
}

bool set(bool& option) noexcept {
  option = true;
  return true;
}

bool read(kernel::CommandLine& line, Options& options) noexcept {
  if (!line.is_complete()) return false;
  unsigned count = 0;
  for (std::span<const char> word = line.next(); !word.empty(); word = line.next(), ++count) {
    const bool is_known = is_word(word, "--walks")     ? read_number(line.next(), options.walks)
                          : is_word(word, "--seconds") ? read_number(line.next(), options.seconds)
                          : is_word(word, "--seed")    ? read_number(line.next(), options.seed)
                          : is_word(word, "--break")   ? read_fault(line.next(), options.fault)
                          : is_word(word, "--list")    ? set(options.is_list)
                          : is_word(word, "--panic")   ? set(options.is_panic)
                                                       : false;
    if (!is_known) return false;
  }
  return count == 1 || !(options.is_list || options.is_panic);
}

bool prepare() noexcept {
  static constinit surefoot::Symbols symbols;
  symbols = kernel::walks::linked_symbols();
  prepare_report(symbols);
  if (!work_code.initialize(symbols)) return false;
  prepare_changes(work_code);
  return kernel::walks::initialize_tracing() && kernel::walks::initialize() && kernel::modules::initialize() &&
         at_boot.make(kernel::walks::description().image(), intervals_at_boot);
}

// With a planted fault the first walks are enough: some of what must happen may not.
bool has_enough(const Options& options, Totals& totals) noexcept {
  totals.counts = counts_so_far();
  const std::uint64_t walks = totals.counts.walks;
  if (walks < options.walks) return false;
  if (options.fault != Break::nothing || walks / 20 >= options.walks) return true;
  totals.samples = samples_so_far();
  totals.migrations = worker_migrations();
  return is_complete(totals);
}

// As many walkers as half of the CPUs, at least one; and more workers than CPUs, so that some are preempted.
int torment(const Options& options) noexcept {
  const unsigned cpus = kernel::smp::count();
  const unsigned walkers = cpus / 2 < 1 ? 1 : cpus / 2;
  const std::uint64_t start = timer::now();
  if (!start_workers(cpus + 4, options.seed) ||
      !start_walkers(walkers, options.seed, work_code, at_boot.described(), options.fault)) {
    console::print("torture: no room for all tasks\n");
    return 1;
  }
  start_samples(work_code);
  Random random(options.seed + 1000);
  Totals totals;
  while (!has_enough(options, totals) && timer::now() - start < options.seconds * timer::frequency()) {
    change_something(random, totals.changes);
    restart_workers();
    for (std::uint32_t turns = random.below(8); turns != 0; --turns) give_way();
  }
  totals.milliseconds = (timer::now() - start) / (timer::frequency() / 1000);
  totals.samples = end_samples();
  // The walkers wake the workers until the last change is over.
  end_changes(totals.changes);
  totals.counts = end_walkers();
  end_workers();
  totals.starts = worker_starts();
  totals.migrations = worker_migrations();
  return report(totals) ? 0 : 1;
}

}  // namespace
}  // namespace torture

int kernel::run() noexcept {
  using namespace torture;
  CommandLine line;
  Options options;
  if (!read(line, options)) {
    console::print("torture: not a command line that can be used\n");
    return 2;
  }
  if (options.is_list) {
    for (const Break fault : all_breaks) console::print("break ", to_string(fault), "\n");
    return 0;
  }
  if (!prepare()) return 1;
  const unsigned cpus = smp::start_others();
  if (cpus < 2) {
    console::print("torture: one CPU is not enough\n");
    return 2;
  }
  if (options.is_panic) panic_twice_on_two_cpus();
  console::print("torture: ", cpus, " CPUs, seed ", options.seed, "\n");
  return torment(options);
}
