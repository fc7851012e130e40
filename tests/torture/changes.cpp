// SPDX-License-Identifier: MIT
//
// Hazards S2, S3, S5, F7, C16. Not compiled for tracing.
#include "torture/changes.hpp"

#include <array>

#include "console/console.hpp"
#include "modules/loader.hpp"
#include "sched/scheduler.hpp"
#include "smp/smp.hpp"
#include "surefoot/ftrace.hpp"
#include "torture/worker.hpp"
#include "walks/execution_state.hpp"

namespace torture {
namespace {

using surefoot::ftrace::FtraceFrame;
using surefoot::ftrace::GraphTracer;
using surefoot::ftrace::RegisterSet;
using surefoot::ftrace::ReturnFrame;
using surefoot::ftrace::Tracer;

// Entry points, set once.
constinit std::array<std::uint64_t, 2> patched{};
constinit std::array<std::uint64_t, 2> patches{};
constinit std::array<std::uint64_t, 3> some{};

void only_pause(Tracer&, FtraceFrame&) noexcept { pause_in_callback(); }

void patch(Tracer&, FtraceFrame& frame) noexcept {
  for (std::size_t i = 0; i != patched.size(); ++i) {
    if (frame.function() == patched[i]) redirect(frame, patches[i]);
  }
  pause_in_callback();
}

// Some calls are left alone.
bool on_entry(GraphTracer&, FtraceFrame&) noexcept {
  pause_in_callback();
  Worker* const worker = running_worker();
  return worker == nullptr || worker->random.below(4) != 0;
}

void on_exit(GraphTracer&, const surefoot::ReturnEntry&, ReturnFrame&) noexcept { pause_in_callback(); }

// The filters come and go with their tracers.
constinit Tracer tracer_of_all(only_pause);
constinit Tracer tracer_of_some(only_pause, some);
constinit Tracer tracer_of_registers(only_pause, some, RegisterSet::all);
constinit Tracer patching_tracer(patch, patched);
constinit GraphTracer graph_of_all(on_entry, on_exit);
constinit GraphTracer graph_of_some(on_entry, on_exit, some);

struct Registration {
  Tracer* tracer;
  GraphTracer* graph;
  bool is_patch;
  bool is_registered = false;
};
constinit std::array<Registration, 6> registrations{{{&tracer_of_all, nullptr, false},
                                                     {&tracer_of_some, nullptr, false},
                                                     {&tracer_of_registers, nullptr, false},
                                                     {&patching_tracer, nullptr, true},
                                                     {nullptr, &graph_of_all, false},
                                                     {nullptr, &graph_of_some, false}}};

bool is_any_graph_registered() noexcept {
  for (const Registration& registration : registrations) {
    if (registration.graph != nullptr && registration.is_registered) return true;
  }
  return false;
}

void set_registered(Registration& registration, bool is_wanted, Changes& changes) noexcept {
  if (is_wanted && registration.graph != nullptr && is_any_graph_registered()) return;
  const auto done = registration.tracer != nullptr
                        ? is_wanted ? register_tracer(*registration.tracer) : unregister_tracer(*registration.tracer)
                    : is_wanted ? register_graph_tracer(*registration.graph)
                                : unregister_graph_tracer(*registration.graph);
  if (!done) {
    kernel::console::print("failure change refused: ", to_string(done.error()), "\n");
    ++changes.refused;
    return;
  }
  registration.is_registered = is_wanted;
  ++(registration.is_patch ? changes.patches : changes.tracers);
  // Before it may be registered again.
  if (!is_wanted) kernel::walks::wait_for_callbacks(give_way);
}

constinit std::array<const kernel::modules::Module*, module_count> loaded{};

// The code of a module is found by walks before it is found by workers, and lost by workers first.
void load_or_unload(std::uint32_t index, Changes& changes) noexcept {
  using namespace kernel::modules;
  if (loaded[index] == nullptr) {
    const std::array<File, module_count> files{leaf_file(), early_file(), large_file()};
    loaded[index] = load(files[index]);
    if (loaded[index] == nullptr) {
      ++changes.postponed;
      return;
    }
    kernel::smp::synchronize_instructions();
    __atomic_store_n(&published_modules[index], loaded[index]->outer(), __ATOMIC_RELEASE);
    ++changes.loads;
    return;
  }
  if (__atomic_exchange_n(&published_modules[index], nullptr, __ATOMIC_SEQ_CST) != nullptr) wait_for_new_rounds();
  if (!unload(*loaded[index])) {
    ++changes.postponed;
    return;
  }
  loaded[index] = nullptr;
  ++changes.unloads;
}

}  // namespace

void prepare_changes(const WorkCode& code) noexcept {
  patched = {code.start_of(straight), code.start_of(recursive)};
  patches = {code.start_of(straight_patched), code.start_of(recursive_patched)};
  some = {code.start_of(by_pointer), code.start_of(roomy), code.start_of(tail)};
}

void change_something(Random& random, Changes& changes) noexcept {
  const std::uint32_t what = random.below(registrations.size() + module_count);
  if (what < registrations.size()) {
    Registration& registration = registrations[what];
    set_registered(registration, !registration.is_registered, changes);
  } else {
    load_or_unload(what - static_cast<std::uint32_t>(registrations.size()), changes);
  }
}

void end_changes(Changes& changes) noexcept {
  for (Registration& registration : registrations) {
    if (registration.is_registered) set_registered(registration, false, changes);
  }
}

}  // namespace torture
