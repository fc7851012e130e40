// SPDX-License-Identifier: MIT
//
// Runs the scenarios that the command line names, or all of them, each in a task of its own.
//
//   [--color] [--exact] [--list] [SCENARIO...]
#include "boot/run.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

#include "arch/exceptions.hpp"
#include "console/console.hpp"
#include "scenarios/command_line.hpp"
#include "scenarios/contexts.hpp"
#include "scenarios/judge.hpp"
#include "scenarios/linked_tables.hpp"
#include "scenarios/list.hpp"
#include "sched/scheduler.hpp"

namespace demo {
namespace {

namespace console = kernel::console;

bool run_one(const Scenario& scenario, const surefoot::PrintOptions& options) noexcept {
  begin_recording();
  kernel::Task* const task =
      kernel::sched::create(scenario.name, scenario_task, reinterpret_cast<std::uintptr_t>(&scenario));
  if (task == nullptr) {
    console::print("demo: no room for a task\n");
    return false;
  }
  kernel::sched::join(*task);
  return judge(scenario, options);
}

const Scenario* find(std::span<const char> name) noexcept {
  for (const Scenario* scenario : all_scenarios) {
    if (is_word(name, scenario->name)) return scenario;
  }
  return nullptr;
}

}  // namespace

// The outermost function of a scenario.
void scenario_task(std::uint64_t argument) noexcept {
  // SAFETY: run_one() passes the address of a scenario.
  reinterpret_cast<const Scenario*>(argument)->run();
  stay_on_stack();
}

namespace {

int run_all(CommandLine& words) noexcept {
  surefoot::PrintOptions options{.symbols = linked_symbols()};
  if (!initialize_tracing() || !initialize_contexts()) {
    console::print("demo: the kernel's tables are not usable\n");
    return 1;
  }
  std::size_t named = 0;
  std::size_t run = 0;
  std::size_t as_expected = 0;
  const auto count = [&](const Scenario& scenario) noexcept {
    ++run;
    as_expected += run_one(scenario, options) ? 1U : 0U;
  };
  for (std::span<const char> word = words.next(); !word.empty(); word = words.next()) {
    if (is_word(word, "--color")) {
      options.use_colour = true;
      continue;
    }
    if (is_word(word, "--exact")) {
      set_policy(surefoot::Policy::exact);
      continue;
    }
    if (is_word(word, "--list")) {
      for (const Scenario* scenario : all_scenarios) console::print(scenario->name, "\n");
      return 0;
    }
    ++named;
    const Scenario* const scenario = find(word);
    if (scenario == nullptr) {
      console::print("demo: no scenario is called ", word, "; --list lists them\n");
      return 2;
    }
    count(*scenario);
  }
  if (named == 0) {
    for (const Scenario* scenario : all_scenarios) count(*scenario);
  }
  console::print("demo: ", run, " scenarios, ", as_expected, " as expected\n");
  return run == as_expected ? 0 : 1;
}

}  // namespace
}  // namespace demo

int kernel::run() noexcept {
  demo::CommandLine words;
  return demo::run_all(words);
}
