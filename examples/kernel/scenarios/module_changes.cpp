// SPDX-License-Identifier: MIT
//
// Modules that come and go while a walk is under way (C16, S5): a walk goes by one map, the one that was in force when
// it began.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "arch/interrupts.hpp"
#include "memory/linker_symbols.hpp"
#include "scenarios/interrupting.hpp"
#include "scenarios/list.hpp"
#include "scenarios/module_chain.hpp"
#include "sched/scheduler.hpp"
#include "walks/code_maps.hpp"
#include "walks/linked_tables.hpp"

namespace demo {
namespace {

using kernel::ExceptionFrame;
using kernel::Task;
using surefoot::EvidenceBit;
using surefoot::Frame;
using surefoot::Reliability;
using surefoot::StopReason;
using surefoot::Trace;

// What is loaded while a scenario of this file runs. `large` lies below the others: whenever it comes or goes, the
// others are other regions, and all that is behind it are other intervals.
struct Modules {
  ModuleScope large{kernel::modules::large_file()};
  ModuleScope leaf{kernel::modules::leaf_file()};
  ModuleScope early{kernel::modules::early_file()};
  ModuleChain chain{.modules = {&*leaf, &*early}, .end = early->interrupted()};
};

constinit Modules* modules = nullptr;

surefoot::Start start_of(const Task& task) noexcept {
  return surefoot::Start::blocked_task(task.context.registers, task.activity);
}

void preempt_at_wanted_pc(ExceptionFrame& frame) noexcept {
  require_wanted_pc(frame);
  kernel::sched::request_preemption();
}

}  // namespace

// A task that is preempted in `early`, in front of the instruction at which only that module's frame table tells the
// caller, and has come there through `leaf`.

DEMO_FUNCTION void enters_modules() noexcept {
  enter_modules(modules->chain);
  stay_on_stack();
}

DEMO_FUNCTION void preempted_in_modules(std::uint64_t) noexcept {
  interrupt_at(modules->early->moment(), enters_modules);
  stay_on_stack();
}

Task& start_preempted() noexcept {
  const HandlerScope handler(kernel::interrupts::software_id, preempt_at_wanted_pc);
  Task* const task = kernel::sched::create("in_modules", preempted_in_modules);
  require(task != nullptr, "there is room for a task");
  kernel::sched::yield();  // until the other task is preempted
  return *task;
}

namespace {

constexpr ExpectedFrames through_both_modules[] = {
    {"switch_to"},         {"yield"},        {"kernel_preempt"},       {"el1h_64_irq"},
    {"early_interrupted"}, {"early_inner"},  {"early_outer"},          {"goes_through"},
    {"leaf_inner"},        {"leaf_outer"},   {"goes_through"},         {"enter_modules"},
    {"enters_modules"},    {"interrupt_at"}, {"preempted_in_modules"}, {"kernel_task_begin"},
    {"kernel_task_entry"}};
constexpr Expected with_both_modules{Reliability::unreliable, Reliability::reliable, StopReason::final_record,
                                     EvidenceBit::crossed_exception | EvidenceBit::in_special_range,
                                     through_both_modules};

// Of a walk by a map without the two modules: no row for what was interrupted, whose caller is therefore missing, and
// no code at the addresses of the others.
constexpr surefoot::Evidence without_modules = EvidenceBit::crossed_exception | EvidenceBit::in_special_range |
                                               EvidenceBit::unknown_interrupted_code | EvidenceBit::not_text;

}  // namespace

// modules_change_during_walk: between the frames of one walk, the modules that it is about to walk through go, and
// another one comes.

namespace {

constinit const kernel::modules::Module* loaded_during_walk = nullptr;

void change_modules_between_frames(std::size_t count) noexcept {
  switch (count) {
    case 1: modules->early.unload(); break;
    case 2: modules->leaf.unload(); break;
    case 3:
      loaded_during_walk = kernel::modules::load(kernel::modules::large_file());
      require(loaded_during_walk != nullptr, "a module can be loaded during a walk");
      break;
    case 4:
      require(loaded_during_walk->text().start() > modules->early->text().start(),
              "what a walk may be in is not loaded over");
      // The map that the walk began with is kept, and so there is no room for one more.
      require(kernel::walks::map_count == 4 && !kernel::modules::unload(*loaded_during_walk),
              "no map that a walk uses is written over");
      break;
    default: break;
  }
}

}  // namespace

void run_modules_change_during_walk() noexcept {
  Modules loaded;
  modules = &loaded;
  Task& task = start_preempted();
  record_by_frame(start_of(task), kernel::walks::blocked(task), change_modules_between_frames);

  static constinit std::array<Frame, max_frames> room{};
  const Trace after =
      walk(start_of(task), kernel::walks::description().described(), kernel::walks::blocked(task), room, policy());
  require(after.verdict.evidence == without_modules && after.frames.size() == std::size(through_both_modules) - 1,
          "the next walk sees the new map");
  require(kernel::modules::unload(*loaded_during_walk), "after the walk there is room for a map");
  loaded.leaf.load();
  loaded.early.load();
  kernel::sched::join(task);
}

constinit const Scenario modules_change_during_walk{"modules_change_during_walk", run_modules_change_during_walk,
                                                    with_both_modules};

// modules_change_by_interrupts: the same task is walked again and again, with an interrupt in front of one instruction
// of the library after the other, whose handler unloads both modules. Each walk has the whole outcome of one map: of
// the old one, or, where the interrupt came before the walk took a map, of the new one. An instruction is interrupted
// the first time that it is reached, so that some walks begin undisturbed and are interrupted further up the stack.

namespace {

struct Walk {
  std::array<Frame, 32> room{};
  Trace trace;
};

constinit Walk with_modules{};
constinit Walk with_none{};
constinit Walk interrupted{};
constinit Task* walked = nullptr;
constinit bool was_interrupted = false;

// How many frames are found before the interrupt; a cursor gives them. One of these after the other.
constexpr std::size_t undisturbed_frames[] = {0, 4, 5, 8};
constinit surefoot::Cursor* under_way = nullptr;

void walk_into(Walk& result) noexcept {
  const kernel::walks::WalkScope scope;
  result.trace = walk(start_of(*walked), kernel::walks::description().described(), kernel::walks::blocked(*walked),
                      result.room, policy());
}

void walk_interrupted() noexcept { walk_into(interrupted); }

void take_interrupted() noexcept {
  const std::size_t before = interrupted.trace.frames.size();
  const std::size_t rest = under_way->take(std::span(interrupted.room).subspan(before));
  interrupted.trace.frames = std::span(interrupted.room).first(before + rest);
}

// One walk, with an interrupt in front of the instruction at `pc` if it is reached behind so many frames.
void interrupt_walk_at(std::uint64_t pc, std::size_t undisturbed) noexcept {
  was_interrupted = false;
  if (undisturbed == 0) return interrupt_at(pc, walk_interrupted);
  const kernel::walks::WalkScope scope;
  const surefoot::Task described = kernel::walks::blocked(*walked);
  const surefoot::Start start = start_of(*walked);
  surefoot::Cursor cursor(start, kernel::walks::description().described(), described, policy());
  const std::size_t taken = cursor.take(std::span(interrupted.room).first(undisturbed));
  interrupted.trace.frames = std::span(interrupted.room).first(taken);
  under_way = &cursor;
  interrupt_at(pc, take_interrupted);
  interrupted.trace.verdict = cursor.verdict();
}

void unload_both(ExceptionFrame& frame) noexcept {
  require_wanted_pc(frame);
  modules->early.unload();
  modules->leaf.unload();
  was_interrupted = true;
}

void load_both() noexcept {
  modules->leaf.load();
  modules->early.load();
}

bool is_of_library(const surefoot::Symbols& symbols, std::uint64_t pc) noexcept {
  return symbols.find({pc, surefoot::CodeAddress::Kind::exact}).name.starts_with("surefoot::");
}

bool is_same(const Walk& a, const Walk& b) noexcept {
  const surefoot::Verdict& left = a.trace.verdict;
  const surefoot::Verdict& right = b.trace.verdict;
  if (left.reliability != right.reliability || left.stop != right.stop || left.evidence != right.evidence ||
      left.first_doubtful != right.first_doubtful || a.trace.frames.size() != b.trace.frames.size()) {
    return false;
  }
  for (std::size_t i = 0; i != a.trace.frames.size(); ++i) {
    const Frame& one = a.trace.frames[i];
    const Frame& other = b.trace.frames[i];
    if (one.pc != other.pc || one.evidence != other.evidence || one.kind != other.kind || one.source != other.source ||
        one.special != other.special) {
      return false;
    }
  }
  return true;
}

}  // namespace

void run_modules_change_by_interrupts() noexcept {
  Modules loaded;
  modules = &loaded;
  Task& task = start_preempted();
  walked = &task;
  record(start_of(task), kernel::walks::blocked(task));
  walk_into(with_modules);
  loaded.early.unload();
  loaded.leaf.unload();
  walk_into(with_none);
  load_both();
  require(with_none.trace.verdict.evidence == without_modules, "without the modules their code is none");

  const surefoot::Symbols symbols = kernel::walks::linked_symbols();
  const surefoot::AddressRange text = kernel::image::text();
  std::size_t old_maps = 0;
  std::size_t new_maps = 0;
  const HandlerScope handler(kernel::interrupts::software_id, unload_both);
  std::size_t turn = 0;
  for (std::uint64_t pc = text.start(); pc < text.end(); pc += surefoot::instruction_size) {
    if (!is_of_library(symbols, pc)) continue;
    const std::size_t undisturbed = undisturbed_frames[turn++ % std::size(undisturbed_frames)];
    interrupt_walk_at(pc, undisturbed);
    const bool is_by_old_map = is_same(interrupted, with_modules);
    const bool may_be_by_new_map = was_interrupted && undisturbed == 0;
    require(is_by_old_map || (may_be_by_new_map && is_same(interrupted, with_none)), "a walk goes by one map");
    if (!was_interrupted) continue;
    ++(is_by_old_map ? old_maps : new_maps);
    load_both();
  }
  // Few instructions come before the walk takes a map.
  require(new_maps != 0 && old_maps > 100, "walks are interrupted before and after they take a map");
  kernel::sched::join(task);
}

constinit const Scenario modules_change_by_interrupts{"modules_change_by_interrupts", run_modules_change_by_interrupts,
                                                      with_both_modules};

}  // namespace demo
