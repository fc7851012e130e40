// SPDX-License-Identifier: MIT
//
// Walks through code that is loaded while the kernel runs, each module with tables of its own (C16).
#include <array>
#include <cstdint>

#include "arch/interrupts.hpp"
#include "scenarios/interrupting.hpp"
#include "scenarios/list.hpp"
#include "scenarios/module_chain.hpp"
#include "scenarios/moment_frames.hpp"
#include "sched/scheduler.hpp"

namespace demo {
namespace {

using kernel::Task;
using kernel::modules::File;
using surefoot::EvidenceBit;
using surefoot::Reliability;
using surefoot::StopReason;

constinit Flag may_return = 0;

// A task that waits, called by the last module of the chain.
void record_waiting(const Task& task) noexcept {
  record(surefoot::Start::blocked_task(task.context.registers, task.activity), kernel::walks::blocked(task));
}

void let_return(Task& task) noexcept {
  may_return = 1;
  kernel::sched::wake(task);
  kernel::sched::join(task);
}

}  // namespace

DEMO_FUNCTION void waits_for_module(std::uint64_t) noexcept {
  while (may_return == 0) kernel::sched::block();
}

DEMO_FUNCTION void task_in_modules(std::uint64_t chain) noexcept {
  // SAFETY: start_in() passes the address of a chain.
  enter_modules(*reinterpret_cast<const ModuleChain*>(chain));
  stay_on_stack();
}

// Starts a task that comes to wait at the end of the chain.
Task& start_in(const ModuleChain& chain) noexcept {
  may_return = 0;
  Task* const task = kernel::sched::create("in_modules", task_in_modules, reinterpret_cast<std::uintptr_t>(&chain));
  require(task != nullptr, "there is room for a task");
  kernel::sched::yield();
  return *task;
}

// module_call: a task that waits in calls through three modules. Every frame is by a record, in text that a map names.

void run_module_call() noexcept {
  const ModuleScope leaf(kernel::modules::leaf_file());
  const ModuleScope early(kernel::modules::early_file());
  const ModuleScope large(kernel::modules::large_file());
  const ModuleChain chain{.modules = {&*leaf, &*early, &*large}, .end = waits_for_module};
  Task& task = start_in(chain);
  record_waiting(task);
  let_return(task);
}

constexpr ExpectedFrames module_call_frames[] = {
    {"switch_to"},         {"switch_away"},      {"block"},        {"waits_for_module"}, {"large_inner"},
    {"large_outer"},       {"goes_through"},     {"early_inner"},  {"early_outer"},      {"goes_through"},
    {"leaf_inner"},        {"leaf_outer"},       {"goes_through"}, {"enter_modules"},    {"task_in_modules"},
    {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario module_call{
    "module_call",
    run_module_call,
    {Reliability::reliable, Reliability::reliable, StopReason::final_record, {}, module_call_frames}};

// module_special: a call from code that the module declares special, with a rule. Its table is by absolute address,
// made when it was loaded.

DEMO_FUNCTION void record_for_module(std::uint64_t) noexcept {
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void run_module_special() noexcept {
  const ModuleScope leaf(kernel::modules::leaf_file());
  const ModuleScope early(kernel::modules::early_file());
  early->special()(record_for_module, 0);
}

constexpr ExpectedFrames module_special_frames[] = {{"record_for_module"},  {"early_special"},
                                                    {"run_module_special"}, {"scenario_task"},
                                                    {"kernel_task_begin"},  {"kernel_task_entry"}};
constinit const Scenario module_special{"module_special",
                                        run_module_special,
                                        {Reliability::unreliable, Reliability::reliable, StopReason::final_record,
                                         EvidenceBit::in_special_range, module_special_frames}};

// module_interrupted and the two after it: an interrupt where only the module's own frame table tells the caller. In
// each the module lies at the same place, and the instruction at the same address, but another rule holds there.

namespace {

constinit const kernel::modules::Module* to_interrupt = nullptr;

}  // namespace

DEMO_FUNCTION void enters_interrupted() noexcept {
  const ModuleChain chain{.modules = {to_interrupt}, .end = to_interrupt->interrupted()};
  enter_modules(chain);
  stay_on_stack();
}

DEMO_FUNCTION void interrupt_module(File file) noexcept {
  const ModuleScope module(file);
  const HandlerScope handler(kernel::interrupts::software_id, record_at_wanted_pc);
  to_interrupt = &*module;
  interrupt_at(module->moment(), enters_interrupted);
}

namespace {

constexpr std::array<ExpectedFrames, 15> frames_through(const char* interrupted, const char* inner, const char* outer,
                                                        const char* run) noexcept {
  return {{{"record_at_wanted_pc"},
           {"kernel_handle_interrupt"},
           {"el1h_64_irq"},
           {interrupted},
           {inner},
           {outer},
           {"goes_through"},
           {"enter_modules"},
           {"enters_interrupted"},
           {"interrupt_at"},
           {"interrupt_module"},
           {run},
           {"scenario_task"},
           {"kernel_task_begin"},
           {"kernel_task_entry"}}};
}

}  // namespace

DEMO_FUNCTION void run_module_interrupted() noexcept {
  interrupt_module(kernel::modules::leaf_file());
  stay_on_stack();
}

DEMO_FUNCTION void run_module_interrupted_early() noexcept {
  interrupt_module(kernel::modules::early_file());
  stay_on_stack();
}

DEMO_FUNCTION void run_module_interrupted_large() noexcept {
  interrupt_module(kernel::modules::large_file());
  stay_on_stack();
}

constexpr auto module_interrupted_frames =
    frames_through("leaf_interrupted", "leaf_inner", "leaf_outer", "run_module_interrupted");
constinit const Scenario module_interrupted{"module_interrupted", run_module_interrupted,
                                            exact_by(module_interrupted_frames)};

constexpr auto module_interrupted_early_frames =
    frames_through("early_interrupted", "early_inner", "early_outer", "run_module_interrupted_early");
constinit const Scenario module_interrupted_early{"module_interrupted_early", run_module_interrupted_early,
                                                  exact_by(module_interrupted_early_frames)};

constexpr auto module_interrupted_large_frames =
    frames_through("large_interrupted", "large_inner", "large_outer", "run_module_interrupted_large");
constinit const Scenario module_interrupted_large{"module_interrupted_large", run_module_interrupted_large,
                                                  exact_by(module_interrupted_large_frames)};

// module_unloaded: the same task as module_call has, in one module that is not in the map any more. Its frames are
// found by their records, and are not taken for code.

void run_module_unloaded() noexcept {
  ModuleScope leaf(kernel::modules::leaf_file());
  const ModuleChain chain{.modules = {&*leaf}, .end = waits_for_module};
  Task& task = start_in(chain);
  leaf.unload();
  record_waiting(task);
  leaf.load();  // for the task to return through
  let_return(task);
}

constexpr ExpectedFrames module_unloaded_frames[] = {
    {"switch_to"},    {"switch_away"},   {"block"},           {"waits_for_module"},  {unknown_function, 2},
    {"goes_through"}, {"enter_modules"}, {"task_in_modules"}, {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario module_unloaded{"module_unloaded",
                                         run_module_unloaded,
                                         {Reliability::unreliable, Reliability::unreliable, StopReason::final_record,
                                          EvidenceBit::not_text, module_unloaded_frames}};

}  // namespace demo
