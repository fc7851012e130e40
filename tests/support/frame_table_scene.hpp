// SPDX-License-Identifier: MIT
//
// The fixture of tests whose walks start in ordinary code that an exception interrupted, with a frame table: function 3
// called P (function 2), which called F (function 1), and F is interrupted.
#pragma once

#include <optional>
#include <vector>

#include "support/frame_table_section.hpp"
#include "support/scene.hpp"

namespace surefoot::testing {

class FrameTableScene : public Scene {
 protected:
  static constexpr std::uint64_t f = code::function(1);

  FrameTableScene() {
    context.policy = Policy::exact;
    interrupted_.pstate = 0x3c5;  // EL1h
  }

  // F's rows. Those of the functions that call it say that each has its record.
  void rows(std::vector<SectionRow> rows) {
    std::vector<SectionFunction> all{{.start = f, .size = 0x100, .rows = std::move(rows)}};
    for (unsigned number = 2; number < 20; ++number) all.push_back(with_record(number));
    functions(all);
  }
  [[nodiscard]] static SectionFunction with_record(unsigned number) {
    return {.start = code::function(number), .size = 0x100, .rows = {{.base = Base::fp, .words = {16, -8, -16}}}};
  }
  void functions(const std::vector<SectionFunction>& functions) {
    section_ = make_section(functions);
    table_ = FrameTable::make(section_, SectionForm{}.address).value();
    context.frame_table = &*table_;
  }

  // P's record, and above it that of its caller.
  void p_and_above() { task.record("p", "g", code::ret(3)).record("g", "final", code::ret(4)).final_record(); }

  [[nodiscard]] Walked walk_at(std::uint64_t pc, const Ref& fp, const Ref& sp) {
    interrupted_.pc = pc;
    interrupted_.fp = address(fp);
    interrupted_.sp = address(sp);
    return walk(Start::exception(interrupted_));
  }
  static Frame boundary(std::uint64_t pc, Evidence also = {}) {
    Frame frame = from_start(pc, EvidenceBit::crossed_exception | also);
    frame.kind = CodeAddress::Kind::exact;
    return frame;
  }
  static Frame from(Source source, std::uint64_t pc, Evidence evidence = {}) {
    Frame frame = from_record(pc, evidence);
    frame.source = source;
    return frame;
  }
  static Frame by_lr(std::uint64_t pc, Evidence evidence = {}) { return from(Source::link_register, pc, evidence); }
  static Frame by_table(std::uint64_t pc, Evidence evidence = {}) { return from(Source::frame_table, pc, evidence); }

  // F, P as given, and what called P.
  void expect_reliable(Frame p, const Walked& walked) {
    const std::vector<Frame> frames{boundary(walked.frames.at(0).pc), p, from_record(code::ret(3)),
                                    from_record(code::ret(4))};
    expect(reliable(frames, address("final")), walked);
  }
  // F's rule does not fit, and the frame record decides: no frame is missing that would be there without a table.
  void expect_by_record(const Ref& fp, const Walked& walked) {
    std::vector<Frame> frames{boundary(walked.frames.at(0).pc)};
    if (address(fp) != address("p")) frames.push_back(from_record(code::ret(2)));
    frames.push_back(from_record(code::ret(3)));
    frames.push_back(from_record(code::ret(4)));
    frames[1].evidence |= EvidenceBit::unknown_interrupted_code;
    expect(unreliable(frames, {.stop_at = address("final"), .first_doubtful = 1}), walked);
  }
  // F alone: neither its rule nor its record fits.
  void expect_stop(StopReason reason, const Ref& at, const Walked& walked) {
    expect(
        unreliable({boundary(walked.frames.at(0).pc)}, {.stop = reason, .stop_at = address(at), .first_doubtful = 1}),
        walked);
  }

  ExceptionFrame interrupted_ = branded_exception_frame();

 private:
  SectionBytes section_;
  std::optional<FrameTable> table_;
};

}  // namespace surefoot::testing
