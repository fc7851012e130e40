// SPDX-License-Identifier: MIT
//
// Hazards S1, T14, G18: the activity of the task says what a walk of it may claim. An even value that stays says that
// the task was off its CPU all the time, so that what it wrote down before is exact.
#include "torture/judge.hpp"

#include "memory/linker_symbols.hpp"
#include "torture/report.hpp"
#include "walks/code_maps.hpp"
#include "walks/description.hpp"
#include "walks/execution_state.hpp"

namespace torture {
namespace {

using kernel::Task;
using kernel::TaskState;
using surefoot::EvidenceBit;
using surefoot::Policy;
using surefoot::SpecialKind;
using surefoot::Start;
using surefoot::StopReason;
using surefoot::TaskActivity;
using surefoot::Trace;

bool is_module(std::uint64_t address) noexcept { return kernel::image::modules().contains(address); }

// For Break::activity: says for ever that a task is off its CPU.
constinit TaskActivity silent_activity{};

}  // namespace

bool is_trampoline(SpecialKind kind) noexcept {
  switch (kind) {
    case SpecialKind::ftrace_call:
    case SpecialKind::ftrace_graph_caller:
    case SpecialKind::return_to_handler:
    case SpecialKind::ftrace_trampoline: return true;
    case SpecialKind::none:
    case SpecialKind::exception_entry:
    case SpecialKind::return_hook:
    case SpecialKind::veneer:
    case SpecialKind::call_without_record:
    case SpecialKind::other: return false;
  }
  return false;
}

// What is known of the task around a walk.
struct Judge::Look {
  Policy policy = Policy::strict;
  std::uint64_t before = 0;  ///< the activity
  std::uint64_t after = 0;
  bool was_blocked = false;
  bool has_second = false;  ///< `second` belongs to `after`
  Snapshot first;
  Snapshot second;

  [[nodiscard]] bool stayed() const noexcept { return before == after; }
  [[nodiscard]] Seen seen() const noexcept {
    if (!stayed()) return Seen::moving;
    if (TaskActivity::is_running(before)) return Seen::running;
    if (!was_blocked) return Seen::off_cpu;
    return first.is_in_callback ? Seen::blocked_in_callback : Seen::blocked;
  }
};

Trace Judge::make_walk(const Task& task, Policy policy) noexcept {
  const kernel::walks::WalkScope scope;
  const surefoot::Kernel& kernel = fault_ == Break::code_map ? at_boot_ : kernel::walks::description().described();
  const TaskActivity& activity = fault_ == Break::activity ? silent_activity : task.activity;
  surefoot::Task described = kernel::walks::blocked(task);
  if (fault_ != Break::depth)
    return surefoot::walk(Start::blocked_task(task.context.registers, activity), kernel, described, frames_, policy);

  EarlierStack& earlier = earlier_[task.index];
  // SAFETY: bytes of such an object, which is trivial but for its copying.
  const auto* const stack = reinterpret_cast<const surefoot::ReturnStack*>(earlier.bytes);
  if (has_earlier_[task.index]) described.return_stacks = {&stack, 1};
  const Trace trace =
      surefoot::walk(Start::blocked_task(task.context.registers, activity), kernel, described, frames_, policy);
  __builtin_memcpy(earlier.bytes, kernel::walks::return_stacks_of(task)[0], sizeof earlier.bytes);
  has_earlier_[task.index] = true;
  return trace;
}

// The frames of functions that a record names are, the outermost first, those of the record. Where the newest call is
// not settled, its function may be missing, and frames of the module that makes the call as well.
bool is_right(const WorkCode& code, const Trace& trace, const Snapshot& record) noexcept {
  std::uint32_t certain = record.depth;
  if (certain != 0 && record.ids[certain - 1] == unsettled) {
    --certain;
    while (certain != 0 && record.ids[certain - 1] == in_module) --certain;
  }
  std::uint32_t at = 0;
  for (std::size_t i = trace.frames.size(); i-- != 0;) {
    const std::uint64_t address = trace.frames[i].address().lookup();
    if (!code.is_work(address) && !is_module(address)) continue;
    if (at == record.depth) return false;
    const std::uint8_t id = record.ids[at++];
    const bool is_same = id == in_module   ? is_module(address)
                         : id == unsettled ? code.is_work(address)
                                           : code.is_in(address, static_cast<Id>(id));
    if (!is_same) return false;
  }
  return at >= certain;
}

// A blocked task has nothing on its stack but what it wrote down and what is always there.
bool Judge::is_all_of_blocked(const Trace& trace, const Snapshot& record) const noexcept {
  constexpr std::size_t inner = 4;  // switch_to, switch_away, block, pause
  constexpr std::size_t outer = 4;  // work, worker_task, kernel_task_begin, kernel_task_entry
  const std::size_t size = trace.frames.size();
  if (size != inner + record.depth + outer || !is_right(code_, trace, record)) return false;
  const auto is_in = [&](std::size_t index, Around around) {
    return code_.is_in(trace.frames[index].address().lookup(), around);
  };
  return is_in(2, Around::block) && is_in(3, Around::pause) && is_in(size - 4, Around::work) &&
         is_in(size - 2, Around::task_begin) && is_in(size - 1, Around::task_entry);
}

// Why a task off its CPU may have an unreliable trace: strict wants neither exceptions nor callbacks. Exact has a rule
// for every instruction but the one between the two words by which a tracer redirects a function (F2).
bool Judge::is_excused(const Look& look, const surefoot::Verdict& verdict) noexcept {
  if (look.policy == Policy::exact) return verdict.evidence.has(EvidenceBit::saved_pc_differs);
  return verdict.evidence.has(EvidenceBit::crossed_exception) || look.first.is_in_callback;
}

void Judge::fail(Failure failure, const Look& look, const Trace& trace, Counts& counts) const noexcept {
  ++counts.failures[static_cast<std::size_t>(failure)];
  report_failure(failure, look.seen(), trace, look.first);
}

void Judge::note_kinds(const Trace& trace, Counts& counts) const noexcept {
  bool has_trampoline = false;
  bool has_module = false;
  bool has_patched = false;
  for (const surefoot::Frame& frame : trace.frames) {
    const std::uint64_t address = frame.address().lookup();
    has_trampoline = has_trampoline || is_trampoline(frame.special);
    has_module = has_module || is_module(address);
    has_patched = has_patched || code_.is_in(address, straight_patched) || code_.is_in(address, recursive_patched);
  }
  const surefoot::Evidence evidence = trace.verdict.evidence;
  const bool was_preempted = evidence.has(EvidenceBit::crossed_exception);
  if (was_preempted) ++counts.preempted;
  if (was_preempted && has_trampoline) ++counts.in_trampoline;
  if (!trace.verdict.is_reliable()) return;
  if (evidence.has(EvidenceBit::return_address_hooked)) ++counts.hooked;
  if (has_module) ++counts.in_module;
  if (has_patched) ++counts.patched;
}

void Judge::judge(const Look& look, const Trace& trace, Counts& counts) noexcept {
  const surefoot::Verdict& verdict = trace.verdict;
  const Seen seen = look.seen();
  const bool is_reliable = verdict.is_reliable();
  const bool is_refused = verdict.stop == StopReason::task_running || verdict.stop == StopReason::task_moved;
  ++counts.seen[static_cast<std::size_t>(seen)];
  ++counts.stops[static_cast<std::size_t>(verdict.stop)];
  if (is_reliable) {
    auto& reliable = look.policy == Policy::strict ? counts.reliable_strict : counts.reliable_exact;
    ++reliable[static_cast<std::size_t>(seen)];
  } else {
    for (std::uint32_t bits = verdict.evidence.bits(), i = 0; bits != 0; bits >>= 1, ++i) {
      counts.unreliable_by[i] += bits & 1;
    }
  }
  switch (seen) {
    case Seen::running:
      if (verdict.stop != StopReason::task_running || !trace.frames.empty())
        fail(Failure::not_refused, look, trace, counts);
      return;
    case Seen::blocked:
      note_kinds(trace, counts);
      if (is_refused) return fail(Failure::refused_wrongly, look, trace, counts);
      if (!is_reliable || !is_all_of_blocked(trace, look.first)) fail(Failure::blocked_wrong, look, trace, counts);
      return;
    case Seen::blocked_in_callback: {
      note_kinds(trace, counts);
      if (is_refused) return fail(Failure::refused_wrongly, look, trace, counts);
      const bool is_expected = is_reliable == (look.policy == Policy::exact);
      if (!is_expected || !is_right(code_, trace, look.first)) fail(Failure::blocked_wrong, look, trace, counts);
      return;
    }
    case Seen::off_cpu:
      note_kinds(trace, counts);
      if (is_refused) return fail(Failure::refused_wrongly, look, trace, counts);
      if (is_reliable && !is_right(code_, trace, look.first)) return fail(Failure::false_reliable, look, trace, counts);
      if (!is_reliable && !is_excused(look, verdict)) fail(Failure::needless, look, trace, counts);
      return;
    case Seen::moving: {
      if (!is_reliable) return;
      // The walk saw the task off its CPU: before it came, after it went, or in between, where nobody has looked.
      const bool may_be_first = !TaskActivity::is_running(look.before);
      const bool may_be_second = !TaskActivity::is_running(look.after);
      if (look.after - look.before > (may_be_first ? 2U : 1U) || (may_be_second && !look.has_second)) {
        ++counts.unjudged;
        return;
      }
      const bool is_first = may_be_first && is_right(code_, trace, look.first);
      const bool is_second = may_be_second && is_right(code_, trace, look.second);
      if (!is_first && !is_second) fail(Failure::false_reliable, look, trace, counts);
      return;
    }
  }
}

bool Judge::walk(Worker& worker, Policy policy, Counts& counts) noexcept {
  const std::uint32_t life = __atomic_load_n(&worker.life, __ATOMIC_SEQ_CST);
  if (life % 2 == 0) return false;
  const Task& task = *__atomic_load_n(&worker.task, __ATOMIC_ACQUIRE);
  const bool forgets = fault_ == Break::forgotten_call;
  Look look;  // the snapshots as they are: to clear them takes longer than to fill them
  look.policy = policy;
  look.before = task.activity.load();
  look.was_blocked = task.load_state() == TaskState::blocked;
  worker.record.copy_to(look.first, forgets);
  const Trace trace = make_walk(task, policy);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  look.after = task.activity.load();
  if (!look.stayed()) {
    worker.record.copy_to(look.second, forgets);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    look.has_second = task.activity.load() == look.after;
  }
  ++counts.walks;
  // Another life: the task may be another worker's, and the record not its own.
  if (__atomic_load_n(&worker.life, __ATOMIC_SEQ_CST) != life) {
    ++counts.unjudged;
    return false;
  }
  judge(look, trace, counts);
  return look.was_blocked && look.stayed();
}

const char* to_string(Break fault) noexcept {
  switch (fault) {  // No default: -Wswitch names the enumerator that was forgotten.
    case Break::nothing: return "nothing";
    case Break::activity: return "activity";
    case Break::depth: return "depth";
    case Break::code_map: return "code_map";
    case Break::forgotten_call: return "forgotten_call";
  }
  return "unknown";
}

}  // namespace torture
