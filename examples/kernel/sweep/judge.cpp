// SPDX-License-Identifier: MIT
//
// Nothing here may print or look for a name unless something is wrong: it runs at every instruction.
#include "sweep/judge.hpp"

#include <array>

#include "sweep/excepted.hpp"
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
  const std::size_t before = from_call ? 0 : 1;
  if (frames.size() != before + levels.size()) return false;
  if (!from_call && frames[0].pc != pc) return false;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (!levels[levels.size() - 1 - i].is_shown_by(frames[before + i].pc)) return false;
  }
  return true;
}

// True if docs/hazards.md excepts this trace from being exact.
bool is_excepted(const Trace& trace, const Truth& truth) noexcept {
  for (const Excepted& place : excepted_places) {
    if (trace.verdict.evidence.has(place.because) && place.holds(truth)) return true;
  }
  return false;
}

bool is_reliable(const Trace& trace, Policy policy) noexcept {
  return classify(policy, trace.verdict.evidence, trace.verdict.stop) == Reliability::reliable;
}

}  // namespace

Judge::Outcome Judge::judge_walk(const surefoot::Start& start, bool from_call, const surefoot::ExceptionFrame& frame,
                                 const Truth& truth) noexcept {
  const Trace trace = walk(start, context_, room);
  const Outcome outcome{.is_strict_reliable = is_reliable(trace, Policy::strict),
                        .is_exact_reliable = is_reliable(trace, Policy::exact)};
  if (is_right(trace.frames, from_call, frame.pc, truth.levels())) return outcome;
  if (outcome.is_strict_reliable || outcome.is_exact_reliable) {
    ++counts_.false_reliable;
    report_failure("false_reliable", frame, trace, from_call, truth);
  } else if (!trace.verdict.evidence.has(claims_nothing) && !is_excepted(trace, truth)) {
    ++counts_.wrong_frames;
    report_failure("wrong_frames", frame, trace, from_call, truth);
  }
  return outcome;
}

void Judge::judge(const surefoot::ExceptionFrame& frame, const Truth& truth) noexcept {
  ++counts_.steps;
  code_.visit(frame.pc);
  Outcome outcome = judge_walk(surefoot::Start::exception(frame), false, frame, truth);

  if (code_.is_in_trampoline(frame.pc)) {
    // Where an exception interrupted other code further up, no rule is promised for the whole.
    bool is_promised = true;
    for (const std::uint64_t pc : truth.interrupted()) is_promised = is_promised && code_.is_in_trampoline(pc);
    if (is_promised) {
      ++counts_.in_trampoline;
      if (outcome.is_exact_reliable) {
        ++counts_.in_trampoline_exact;
      } else {
        code_.note_inexact(frame.pc);
        const Trace trace = walk(surefoot::Start::exception(frame), context_, room);
        if (!is_excepted(trace, truth)) {
          ++counts_.unexcepted;
          report_failure("not_exact", frame, trace, false, truth);
        }
      }
    }
  }

  // Behind a call, the caller can be walked as well, and without an exception in between. Not from a patch site: its
  // function has no frame record yet.
  if (truth.last().flow == Flow::call && !code_.is_patch_site(truth.last().pc)) {
    const surefoot::Registers registers{.fp = frame.fp, .sp = frame.sp, .pc = frame.lr};
    const Outcome at_call = judge_walk(surefoot::Start::at_call(registers), true, frame, truth);
    outcome.is_strict_reliable |= at_call.is_strict_reliable;
    outcome.is_exact_reliable |= at_call.is_exact_reliable;
  }
  if (outcome.is_strict_reliable) ++counts_.strict_reliable;
  if (outcome.is_exact_reliable) ++counts_.exact_reliable;
}

}  // namespace sweep
