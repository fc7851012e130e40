// SPDX-License-Identifier: MIT
//
// Panics in the way that the command line names.
//
//   KIND or --list
#include "boot/run.hpp"

#include <cstdint>
#include <span>

#include "boot/command_line.hpp"
#include "console/console.hpp"
#include "sched/scheduler.hpp"
#include "smp/smp.hpp"
#include "uses/panic/kinds.hpp"
#include "walks/description.hpp"
#include "walks/linked_tables.hpp"

namespace panics {
namespace {

namespace console = kernel::console;

const Kind* find(std::span<const char> word) noexcept {
  for (const Kind& kind : all_kinds()) {
    if (kernel::is_word(word, kind.name)) return &kind;
  }
  return nullptr;
}

PANIC_FUNCTION void panicking_task(std::uint64_t argument) noexcept {
  // SAFETY: run() passes the address of a kind.
  reinterpret_cast<const Kind*>(argument)->run();
  stay_on_stack();
}

// The command line, or a kind of none if it cannot be used.
const Kind* read(kernel::CommandLine& words) noexcept {
  const Kind* kind = nullptr;
  for (std::span<const char> word = words.next(); !word.empty(); word = words.next()) {
    if (kind != nullptr || (kind = find(word)) == nullptr) return nullptr;
  }
  return words.is_complete() ? kind : nullptr;
}

int list() noexcept {
  for (const Kind& kind : all_kinds()) console::print(kind.name, ": ", kind.text, "\n");
  return 0;
}

}  // namespace
}  // namespace panics

int kernel::run() noexcept {
  using namespace panics;
  CommandLine words;
  if (is_word(words.next(), "--list") && words.next().empty()) return list();
  words.restart();
  const Kind* const kind = read(words);
  if (kind == nullptr) {
    console::print("panic: not a command line that can be used; --list lists the kinds\n");
    return 2;
  }
  if (kind->is_described && (!walks::initialize_tracing() || !walks::initialize())) {
    console::print("panic: the kernel cannot be described\n");
    return 3;
  }
  const unsigned cpus = smp::start_others();
  if (cpus < kind->least_cpus) {
    console::print("panic: ", kind->name, " needs ", kind->least_cpus, " CPUs\n");
    return 2;
  }
  Task* const task = sched::create("worker", panicking_task, reinterpret_cast<std::uintptr_t>(kind));
  if (task == nullptr) return 3;
  sched::join(*task);
  console::print("panic: ", kind->name, " has come back\n");
  return 3;
}
