// SPDX-License-Identifier: MIT
//
// Live patching, shown: a hundred tasks on four CPUs, two patches of a pair of functions, applied, reversed, stacked
// and taken back, while the functions themselves look for a chain of two versions.
//
//   [--exact] [--break FAULT] | --list
#include "boot/run.hpp"

#include <cstdint>
#include <span>

#include "boot/command_line.hpp"
#include "console/console.hpp"
#include "smp/smp.hpp"
#include "uses/livepatch/functions.hpp"
#include "uses/livepatch/tracers.hpp"
#include "uses/livepatch/transition.hpp"
#include "uses/livepatch/worker.hpp"
#include "walks/description.hpp"
#include "walks/linked_tables.hpp"

namespace livepatch {
namespace {

namespace console = kernel::console;

using kernel::is_word;

struct Options {
  surefoot::Policy policy = surefoot::Policy::strict;
  Break fault = Break::nothing;
  bool is_list = false;
};

bool read_fault(std::span<const char> word, Break& fault) noexcept {
  for (const Break candidate : all_breaks) {
    if (is_word(word, to_string(candidate))) fault = candidate;
  }
  return fault != Break::nothing;
}

bool read(kernel::CommandLine& line, Options& options) noexcept {
  if (!line.is_complete()) return false;
  unsigned count = 0;
  for (std::span<const char> word = line.next(); !word.empty(); word = line.next(), ++count) {
    if (is_word(word, "--exact")) {
      options.policy = surefoot::Policy::exact;
    } else if (is_word(word, "--list")) {
      options.is_list = true;
    } else if (!is_word(word, "--break") || !read_fault(line.next(), options.fault)) {
      return false;
    }
  }
  return count <= 1 || !options.is_list;
}

int show(const Options& options) noexcept {
  console::print("livepatch: ", worker_count, " tasks on ", kernel::smp::count(), " CPUs, policy ",
                 to_string(options.policy), ", broken: ", to_string(options.fault), "\n");
  if (!register_tracers() || !start_workers()) return 1;
  apply(1);
  apply(2, true);
  apply(2);
  remove(2);
  remove(1);
  end_workers();
  const bool is_clean = unregister_tracers();
  const Calls made = calls();
  const Totals& all = totals();
  console::print("calls by version: ", made.right[0] != 0, " ", made.right[1] != 0, " ", made.right[2] != 0, "\n");
  console::print("livepatch: ", all.transitions, " transitions, ", all.failed, " failed, mixed chains: ", made.mixed,
                 "\n");
  const bool has_all = made.right[0] != 0 && made.right[1] != 0 && made.right[2] != 0;
  return is_clean && has_all && all.failed == 0 && made.mixed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace livepatch

int kernel::run() noexcept {
  using namespace livepatch;
  CommandLine line;
  Options options;
  if (!read(line, options)) {
    console::print("livepatch: not a command line that can be used\n");
    return 2;
  }
  if (options.is_list) {
    for (const Break fault : all_breaks) console::print("break ", to_string(fault), "\n");
    return 0;
  }
  if (!walks::initialize_tracing() || !walks::initialize()) return 1;
  if (!prepare_transitions(options.policy, options.fault)) return 1;
  if (smp::start_others() != 4) {
    console::print("livepatch: four CPUs are needed\n");
    return 2;
  }
  return show(options);
}
