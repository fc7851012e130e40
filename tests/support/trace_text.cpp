// SPDX-License-Identifier: MIT
//
// Traces as text.
#include "support/trace_text.hpp"

#include <ios>
#include <sstream>
#include <utility>

namespace surefoot::testing {
namespace {

Evidence evidence_of(const std::vector<Frame>& frames) {
  Evidence all;
  for (const Frame& frame : frames) all |= frame.evidence;
  return all;
}

Frame make_frame(std::uint64_t pc, CodeAddress::Kind kind, Source source, Evidence evidence, SpecialKind special) {
  return {.pc = pc, .evidence = evidence, .kind = kind, .source = source, .special = special};
}

}  // namespace

std::string text(Evidence evidence) {
  std::string names;
  for (unsigned bit = 0; bit < 32; ++bit) {
    const std::uint32_t value = std::uint32_t{1} << bit;
    if ((evidence.bits() & value) == 0) continue;
    if (!names.empty()) names += ',';
    names += to_string(static_cast<EvidenceBit>(value));
  }
  return names.empty() ? "none" : names;
}

std::string text(const Walked& walked) {
  const Verdict& verdict = walked.verdict;
  std::ostringstream out;
  out << to_string(verdict.reliability) << " stop=" << to_string(verdict.stop) << " at 0x" << std::hex
      << verdict.stop_at << std::dec << " evidence=" << text(verdict.evidence)
      << " first_doubtful=" << verdict.first_doubtful << '\n';
  for (std::size_t i = 0; i < walked.frames.size(); ++i) {
    const Frame& frame = walked.frames[i];
    out << '#' << i << " 0x" << std::hex << frame.pc << std::dec
        << (frame.kind == CodeAddress::Kind::exact ? " exact " : " return_address ") << to_string(frame.source)
        << " special=" << to_string(frame.special) << " evidence=" << text(frame.evidence) << '\n';
  }
  return out.str();
}

Frame from_start(std::uint64_t pc, Evidence evidence, SpecialKind special) {
  return make_frame(pc, CodeAddress::Kind::return_address, Source::start, evidence, special);
}

Frame from_record(std::uint64_t pc, Evidence evidence, SpecialKind special) {
  return make_frame(pc, CodeAddress::Kind::return_address, Source::frame_record, evidence, special);
}

Frame from_return_stack(std::uint64_t pc, Evidence evidence, SpecialKind special) {
  return make_frame(pc, CodeAddress::Kind::return_address, Source::return_stack,
                    evidence | EvidenceBit::return_address_hooked, special);
}

Frame unresolved(std::uint64_t pc, SpecialKind special) {
  return make_frame(
      pc, CodeAddress::Kind::exact, Source::frame_record,
      EvidenceBit::return_address_unresolved | EvidenceBit::in_special_range | EvidenceBit::special_code_without_rule,
      special);
}

Frame interrupted(std::uint64_t pc, Source source, Evidence evidence, SpecialKind special) {
  return make_frame(pc, CodeAddress::Kind::exact, source,
                    evidence | EvidenceBit::crossed_exception | EvidenceBit::unknown_interrupted_code, special);
}

Walked reliable(std::vector<Frame> frames, std::uint64_t final_at) {
  const Verdict verdict{.reliability = Reliability::reliable,
                        .stop = StopReason::final_record,
                        .evidence = evidence_of(frames),
                        .first_doubtful = frames.size(),
                        .stop_at = final_at};
  return {.frames = std::move(frames), .verdict = verdict};
}

Walked unreliable(std::vector<Frame> frames, const Doubt& doubt) {
  const Verdict verdict{.reliability = Reliability::unreliable,
                        .stop = doubt.stop,
                        .evidence = evidence_of(frames) | doubt.also,
                        .first_doubtful = doubt.first_doubtful,
                        .stop_at = doubt.stop_at};
  return {.frames = std::move(frames), .verdict = verdict};
}

}  // namespace surefoot::testing
