// SPDX-License-Identifier: MIT
//
// Runs the scenarios that the command line names, or all of them, each in a task of its own.
//
//   [--color] [--exact] [--list] [SCENARIO...], in any order; --list goes without scenarios
#include "boot/run.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

#include "arch/exceptions.hpp"
#include "boot/command_line.hpp"
#include "console/console.hpp"
#include "modules/loader.hpp"
#include "scenarios/judge.hpp"
#include "scenarios/list.hpp"
#include "sched/scheduler.hpp"
#include "walks/description.hpp"
#include "walks/linked_tables.hpp"

namespace demo {
namespace {

namespace console = kernel::console;

using kernel::CommandLine;
using kernel::is_word;

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

template <typename Function>
void for_each_scenario(const Function& function) noexcept {
  for (const Scenario* scenario : common_scenarios) function(*scenario);
  for (const Scenario* scenario : own_scenarios) function(*scenario);
}

const Scenario* find(std::span<const char> name) noexcept {
  const Scenario* found = nullptr;
  for_each_scenario([&](const Scenario& scenario) noexcept {
    if (is_word(name, scenario.name)) found = &scenario;
  });
  return found;
}

}  // namespace

// The outermost function of a scenario.
DEMO_FUNCTION void scenario_task(std::uint64_t argument) noexcept {
  // SAFETY: run_one() passes the address of a scenario.
  reinterpret_cast<const Scenario*>(argument)->run();
  stay_on_stack();
}

namespace {

struct Options {
  bool use_colour = false;
  bool is_exact = false;
  bool is_list = false;
  std::size_t named = 0;  ///< how many scenarios are named
};

// True if the word is an option, which is then set.
bool set_option(std::span<const char> word, Options& options) noexcept {
  if (is_word(word, "--color")) {
    options.use_colour = true;
  } else if (is_word(word, "--exact")) {
    options.is_exact = true;
  } else if (is_word(word, "--list")) {
    options.is_list = true;
  } else {
    return false;
  }
  return true;
}

// The options hold for all scenarios, wherever they stand: so all words are read, and none is left unknown, before
// anything runs. False, after a message, if the line cannot be used.
bool read_options(CommandLine& words, Options& options) noexcept {
  if (!words.is_complete()) {
    console::print("demo: the command line is too long\n");
    return false;
  }
  for (std::span<const char> word = words.next(); !word.empty(); word = words.next()) {
    if (set_option(word, options)) continue;
    ++options.named;
    if (find(word) == nullptr) {
      console::print("demo: no scenario is called ", word, "; --list lists them\n");
      return false;
    }
  }
  words.restart();
  if (!options.is_list || options.named == 0) return true;
  console::print("demo: --list goes without scenarios\n");
  return false;
}

int list() noexcept {
  for_each_scenario([](const Scenario& scenario) noexcept { console::print(scenario.name, "\n"); });
  return 0;
}

int run_all(CommandLine& words, Options given) noexcept {
  if (!kernel::walks::initialize_tracing() || !kernel::walks::initialize() || !kernel::modules::initialize()) {
    console::print("demo: the kernel cannot be described\n");
    return 1;
  }
  if (given.is_exact) set_policy(surefoot::Policy::exact);
  const surefoot::PrintOptions options{.symbols = kernel::walks::linked_symbols(), .use_colour = given.use_colour};
  std::size_t run = 0;
  std::size_t as_expected = 0;
  const auto count = [&](const Scenario& scenario) noexcept {
    ++run;
    as_expected += run_one(scenario, options) ? 1U : 0U;
  };
  for (std::span<const char> word = words.next(); !word.empty(); word = words.next()) {
    if (const Scenario* const scenario = find(word)) count(*scenario);
  }
  if (given.named == 0) for_each_scenario(count);
  console::print("demo: ", run, " scenarios, ", as_expected, " as expected\n");
  return run == as_expected ? 0 : 1;
}

}  // namespace
}  // namespace demo

int kernel::run() noexcept {
  CommandLine words;
  demo::Options options;
  if (!demo::read_options(words, options)) return 2;
  return options.is_list ? demo::list() : demo::run_all(words, options);
}
