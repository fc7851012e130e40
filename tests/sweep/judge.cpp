// SPDX-License-Identifier: MIT
//
// Nothing here may print or look for a name unless something is wrong: it runs at every instruction.
#include "sweep/judge.hpp"

#include <array>

#include "sweep/report.hpp"

namespace sweep {
namespace {

using surefoot::Evidence;
using surefoot::EvidenceBit;
using surefoot::Frame;
using surefoot::Policy;
using surefoot::Reliability;
using surefoot::Trace;

constexpr std::size_t max_frames = 192;
constinit std::array<Frame, max_frames> room{};

// With any of it the walk itself says that it does not know the callers.
constexpr Evidence claims_nothing = EvidenceBit::unknown_interrupted_code | EvidenceBit::special_code_without_rule |
                                    EvidenceBit::return_address_unresolved | EvidenceBit::special_ranges_refused;

bool is_right(std::span<const Frame> frames, bool from_call, std::uint64_t pc, std::span<const Level> levels) noexcept {
  if (from_call) return shows(frames, levels);
  return !frames.empty() && frames[0].pc == pc && shows(frames.subspan(1), levels);
}

// The place by which docs/hazards.md excepts this trace from being exact, or excepted_count.
std::size_t find_excepted(const Trace& trace, const Truth& truth) noexcept {
  for (std::size_t i = 0; i < excepted_count; ++i) {
    const Excepted& place = excepted_places[i];
    if (trace.verdict.evidence.has(place.because) && place.holds(truth)) return i;
  }
  return excepted_count;
}

bool is_reliable(const Trace& trace, Policy policy) noexcept {
  return classify(policy, trace.verdict.evidence, trace.verdict.stop) == Reliability::reliable;
}

}  // namespace

bool shows(std::span<const Frame> frames, std::span<const Level> levels) noexcept {
  if (frames.size() != levels.size()) return false;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (!levels[levels.size() - 1 - i].is_shown_by(frames[i].pc)) return false;
  }
  return true;
}

Judge::Outcome Judge::judge_walk(const surefoot::Start& start, bool from_call, const surefoot::ExceptionFrame& frame,
                                 const Truth& truth) noexcept {
  const Trace trace = walk(start, described_, task_, room);
  const Outcome outcome{.is_strict_reliable = is_reliable(trace, Policy::strict),
                        .is_exact_reliable = is_reliable(trace, Policy::exact),
                        .excepted = find_excepted(trace, truth)};
  const bool is_excepted = outcome.excepted != excepted_count;
  if (!is_right(trace.frames, from_call, frame.pc, truth.levels())) {
    if (outcome.is_strict_reliable || outcome.is_exact_reliable) {
      ++counts_.false_reliable;
      report_failure("false_reliable", frame, trace, from_call, truth);
      return outcome;
    }
    if (!trace.verdict.evidence.has(claims_nothing) && !is_excepted) {
      ++counts_.wrong_frames;
      report_failure("wrong_frames", frame, trace, from_call, truth);
    }
  }
  if (!outcome.is_exact_reliable && !is_excepted) {
    ++counts_.not_exact;
    report_failure("not_exact", frame, trace, from_call, truth);
  }
  return outcome;
}

void Judge::judge(const surefoot::ExceptionFrame& frame, const Truth& truth) noexcept {
  ++counts_.steps;
  code_.visit(frame.pc);
  const bool is_in_trampoline = code_.is_in_trampoline(frame.pc);
  if (is_in_trampoline) ++counts_.in_trampoline;

  Outcome outcome = judge_walk(surefoot::Start::exception(frame), false, frame, truth);
  if (outcome.is_exact_reliable) {
    ++counts_.exact_reliable;
    if (is_in_trampoline) ++counts_.in_trampoline_exact;
  } else {
    code_.note_inexact(frame.pc);
    if (outcome.excepted != excepted_count) ++counts_.excepted[outcome.excepted];
  }

  // Behind a call, the caller can be walked as well, and without an exception in between. Not from a patch site: its
  // function has no frame record yet.
  if (truth.last().flow == Flow::call && !code_.is_patch_site(truth.last().pc)) {
    const surefoot::Registers registers{.fp = frame.fp, .sp = frame.sp, .pc = frame.lr};
    const Outcome at_call = judge_walk(surefoot::Start::at_call(registers), true, frame, truth);
    outcome.is_strict_reliable |= at_call.is_strict_reliable;
  }
  if (outcome.is_strict_reliable) ++counts_.strict_reliable;
}

}  // namespace sweep
