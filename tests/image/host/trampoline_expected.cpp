// SPDX-License-Identifier: MIT
//
// From the state, the history and the starting point of a case to its trace: one function for each frame of interest.
#include "trampoline_expected.hpp"

#include <algorithm>
#include <sstream>

namespace surefoot::testing {
namespace {

using Kind = CodeAddress::Kind;

// What leads to the trampoline's instruction, and that itself.
void add_start(const Case& the_case, std::vector<Frame>& frames) {
  constexpr Evidence boundary = EvidenceBit::crossed_exception | EvidenceBit::in_special_range;
  const Frame callee{Program::under_test().callee, {}, Kind::return_address, Source::start, SpecialKind::none};
  switch (the_case.seen) {
    case Seen::interrupted:
      frames.push_back({the_case.pc, boundary, Kind::exact, Source::start, the_case.kind});
      return;
    case Seen::from_handler:
      frames.push_back(callee);
      frames.push_back({the_case.pc, boundary, Kind::exact, Source::exception_frame, the_case.kind});
      return;
    case Seen::from_handler_on_irq_stack:
      frames.push_back(callee);
      frames.push_back(
          {the_case.pc, boundary | EvidenceBit::changed_stack, Kind::exact, Source::exception_frame, the_case.kind});
      return;
    case Seen::from_callee:
      frames.push_back(callee);
      frames.push_back({the_case.pc + instruction_size, EvidenceBit::in_special_range, Kind::return_address,
                        Source::frame_record, the_case.kind});
      return;
  }
}

Frame traced_function(const Case& the_case) {
  const Program& program = Program::under_test();
  const Redirect redirect = the_case.history.redirect;
  if (the_case.state < State::in_frame) {
    return {program.f, {}, Kind::exact, Source::link_register, SpecialKind::none};
  }
  if (the_case.is_in_frame()) {
    const std::uint64_t pc = redirect == Redirect::both ? program.target + instruction_size : program.f;
    const bool differs = redirect == Redirect::pc_only || redirect == Redirect::lr_only;
    const Evidence evidence = differs ? EvidenceBit::saved_pc_differs : Evidence();
    return {pc, evidence, Kind::return_address, Source::frame_record, SpecialKind::none};
  }
  // What runs next is what the saved pc says.
  const std::uint64_t pc = redirect == Redirect::none ? program.f : program.target;
  const Source source = the_case.state == State::x29_restored ? Source::stack : Source::x9;
  return {pc, {}, Kind::exact, source, SpecialKind::none};
}

// True if a hook stands where the walk finds P's address.
bool is_p_restored(const Case& the_case) {
  const History& history = the_case.history;
  const bool is_passed = history.passed != Passed::plain;
  if (the_case.state < State::x29_restored) return is_passed;
  if (the_case.state < State::handler_entered) return is_passed || history.is_probed || history.is_graph_hooked;
  if (the_case.state < State::handler_fp_loaded) return true;
  return is_passed || history.is_probed;  // what the handler's own entry held
}

// True if an entry is there while what it replaced is in place: F's own, or an older one of this call that replaced the
// same probe's address, which leads to P as well.
bool is_in_flight(const Case& the_case) {
  const History& history = the_case.history;
  if (!the_case.is_in_handler()) return the_case.is_in_frame() && (history.is_probed || history.is_graph_hooked);
  const bool is_probe_replaced_twice =
      history.is_probed && (history.passed == Passed::handler_on_probe || history.passed == Passed::probe_on_handler);
  return the_case.is_p_in_lr() && (the_case.entry == Entry::valid || is_probe_replaced_twice);
}

Frame caller(const Case& the_case) {
  Frame frame{Program::under_test().p, {}, Kind::return_address, Source::link_register, SpecialKind::none};
  if (the_case.is_in_frame()) frame.source = Source::frame_record;
  if (is_in_flight(the_case)) frame.evidence |= EvidenceBit::return_entry_in_flight;
  if (is_p_restored(the_case)) {
    frame.evidence |= EvidenceBit::return_address_hooked;
    frame.source = Source::return_stack;
  }
  return frame;
}

}  // namespace

std::vector<Frame> expected_frames(const Case& the_case) {
  const Program& program = Program::under_test();
  std::vector<Frame> frames;
  add_start(the_case, frames);
  if (the_case.state == State::in_stub) {
    frames.push_back({program.after_call, EvidenceBit::in_special_range, Kind::return_address, Source::link_register,
                      SpecialKind::ftrace_call});
  }
  if (!the_case.is_in_handler()) frames.push_back(traced_function(the_case));
  frames.push_back(caller(the_case));
  Frame g{program.g, {}, Kind::return_address, Source::frame_record, SpecialKind::none};
  if (the_case.history.is_p_hooked) {
    g.evidence = EvidenceBit::return_address_hooked;
    g.source = Source::return_stack;
  }
  frames.push_back(g);
  frames.push_back({program.h, {}, Kind::return_address, Source::frame_record, SpecialKind::none});
  return frames;
}

// F2, F6: while the record is the rule and says something else than the saved registers, nobody knows where the
// trampoline goes.
bool is_expected_reliable(const Case& the_case) {
  const Redirect redirect = the_case.history.redirect;
  return !(the_case.is_in_frame() && (redirect == Redirect::pc_only || redirect == Redirect::lr_only));
}

std::vector<std::string> to_text(const std::vector<Frame>& frames) {
  std::vector<std::string> lines;
  for (const Frame& frame : frames) {
    std::ostringstream line;
    line << "\n    " << std::hex << frame.pc << (frame.kind == Kind::exact ? " exact, " : " return address, ")
         << to_string(frame.source) << ", " << to_string(frame.special);
    for (unsigned bit = 0; bit < evidence_bit_count; ++bit) {
      const auto one = static_cast<EvidenceBit>(1U << bit);
      if (frame.evidence.has(one)) line << ", " << to_string(one);
    }
    lines.push_back(line.str());
  }
  return lines;
}

bool are_same(const std::vector<Frame>& a, const std::vector<Frame>& b) {
  return std::ranges::equal(a, b, [](const Frame& one, const Frame& other) {
    return one.pc == other.pc && one.evidence == other.evidence && one.kind == other.kind &&
           one.source == other.source && one.special == other.special;
  });
}

}  // namespace surefoot::testing
