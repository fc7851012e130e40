// SPDX-License-Identifier: MIT
//
// Walks through calls that are made before their function has a frame record (hazard C12).
#include "support/region_scene.hpp"

namespace surefoot::testing {
namespace {

constexpr Evidence special = EvidenceBit::in_special_range;
// C12: F calls before it has made its record, and what x29 points to is its caller P's: P is missing. Its table knows
// where P is, in terms of sp.
class WalkCallsWithoutRecord : public RegionScene {
 protected:
  static constexpr std::uint64_t bl = in(module, 0x108);
  static constexpr std::uint64_t after_bl = bl + 4;
  static constexpr auto kind = SpecialKind::call_without_record;

  WalkCallsWithoutRecord() {
    region_of(module).calls_without_record = SpecialRanges::make(calls_).value();
    region_of(module).frame_table = rows_.table();
  }
  // F's frame, with its caller in the middle of it, and P's record.
  void draw_f(const std::string& label) {
    stack.mark(label).junk(1).word("p").word(in(image, 0x24)).junk(1);
    stack.record("p", "final", in(image, 0x44)).final_record();
  }
  // These, and then P and its caller.
  [[nodiscard]] static std::vector<Frame> below_p(std::vector<Frame> frames) {
    frames.push_back(from(Source::frame_table, in(image, 0x24)));
    frames.push_back(from_record(in(image, 0x44)));
    return frames;
  }

 private:
  const std::vector<SpecialRange> calls_{{.range = AddressRange(bl, bl + 4), .kind = kind}};
  const Rows rows_{in(module, 0x100), {.words = {32, -16, -24}}};
};

TEST_F(WalkCallsWithoutRecord, C12_TrustsTheCallAtWhichAWalkStarts) {
  draw_f("sp");
  finish();
  const std::vector<Frame> frames = below_p({from_start(after_bl, special, kind)});
  const Start start = Start::at_call({.fp = address("p"), .sp = address("sp"), .pc = after_bl});
  expect(reliable(frames, address("final")), walk(start));
  description.policy = Policy::strict;
  expect(unreliable(frames, {.stop_at = address("final")}), walk(start));
}

// An outlined helper is interrupted: the link register leads to the call, and the helper has not moved sp. P's own row
// then tells that its caller is in its record.
TEST_F(WalkCallsWithoutRecord, C12_TrustsTheCallThatALinkRegisterLeadsTo) {
  const Rows helper({{.start = image, .size = 0x100, .rows = {{.base = Base::fp, .words = {16, -8, -16}}}},
                     {.start = in(image, 0x300), .size = 0x100, .rows = {{.words = {0}}}}});
  region_of(image).frame_table = helper.table();
  draw_f("sp");
  finish();
  const Frame at_call = from(Source::link_register, after_bl, special, kind);
  expect(reliable({boundary(in(image, 0x304)), at_call, from(Source::frame_table, in(image, 0x24)),
                   from_record(in(image, 0x44))},
                  address("final")),
         walk_at(in(image, 0x304), "p", "sp", after_bl));
}

// The same, of which P's row is not known: it may be that P has no record.
TEST_F(WalkCallsWithoutRecord, C12_DoubtsTheCallerBehindItWithoutARowOfIts) {
  const Rows helper(in(image, 0x300), {.words = {0}});
  region_of(image).frame_table = helper.table();
  draw_f("sp");
  finish();
  const Frame at_call = from(Source::link_register, after_bl, special, kind);
  expect(unreliable({boundary(in(image, 0x304)), at_call,
                     from(Source::frame_table, in(image, 0x24), EvidenceBit::unknown_interrupted_code),
                     from_record(in(image, 0x44))},
                    {.stop_at = address("final"), .first_doubtful = 2}),
         walk_at(in(image, 0x304), "p", "sp", after_bl));
}

// Along records, nobody knows where sp was.
TEST_F(WalkCallsWithoutRecord, C12_DoubtsTheCallInAnOrdinaryWalk) {
  stack.record("a", "p", after_bl);
  draw_f("sp");
  finish();
  const std::vector<Frame> frames{from_start(in(image, 0x80)),
                                  from_record(after_bl, special | EvidenceBit::special_code_without_rule, kind),
                                  from_record(in(image, 0x44))};
  for (const Policy policy : {Policy::strict, Policy::exact}) {
    description.policy = policy;
    expect(unreliable(frames, {.stop_at = address("final"), .first_doubtful = 1}), walk_from(in(image, 0x80)));
  }
}

// The sp of the start is not that of the call, whatever lies between.
TEST_F(WalkCallsWithoutRecord, C12_DoubtsTheCallBehindPlainFrames) {
  stack.record("a", "b", in(image, 0x64)).record("b", "c", in(image, 0x84)).record("c", "p", after_bl);
  draw_f("sp");
  finish();
  expect(unreliable({from_start(in(image, 0x44)), from_record(in(image, 0x64)), from_record(in(image, 0x84)),
                     from_record(after_bl, special | EvidenceBit::special_code_without_rule, kind),
                     from_record(in(image, 0x44))},
                    {.stop_at = address("final"), .first_doubtful = 3}),
         walk_from(in(image, 0x44)));
}

TEST_F(WalkCallsWithoutRecord, C12_DoubtsTheCallWithoutAFrameTable) {
  region_of(module).frame_table = {};
  draw_f("sp");
  finish();
  expect(unreliable({from_start(after_bl, special | EvidenceBit::special_code_without_rule, kind),
                     from_record(in(image, 0x44))},
                    {.stop_at = address("final")}),
         walk(Start::at_call({.fp = address("p"), .sp = address("sp"), .pc = after_bl})));
}

// A call at the end of its function never returns: what would be its return address is no code.
TEST_F(WalkCallsWithoutRecord, C12_DoubtsTheCallAtTheEndOfItsFunction) {
  region_of(module).text = AddressRange(module, after_bl);
  stack.record("a", "p", after_bl);
  draw_f("sp");
  finish();
  expect(unreliable({from_start(in(image, 0x80)),
                     from_record(after_bl, special | EvidenceBit::special_code_without_rule, kind),
                     from_record(in(image, 0x44))},
                    {.stop_at = address("final"), .first_doubtful = 1}),
         walk_from(in(image, 0x80)));
}

// The call concerns what returns to it. Whoever is interrupted in front of it is in ordinary code.
TEST_F(WalkCallsWithoutRecord, C12_IsOrdinaryCodeWhereItIsInterrupted) {
  draw_f("sp");
  finish();
  const std::vector<Frame> frames = below_p({boundary(bl)});
  expect(reliable(frames, address("final")), walk_at(bl, "p", "sp", 0));
}

// The return addresses of the calls before and after it are in ordinary code.
TEST_F(WalkCallsWithoutRecord, C12_C3_ConcernsTheOneReturnAddress) {
  stack.record("a", "b", bl).record("b", "final", after_bl + 4).final_record();
  finish();
  expect(reliable({from_start(in(image, 0x80)), from_record(bl), from_record(after_bl + 4)}, address("final")),
         walk_from(in(image, 0x80)));
}

}  // namespace
}  // namespace surefoot::testing
