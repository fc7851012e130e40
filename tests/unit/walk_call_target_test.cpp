// SPDX-License-Identifier: MIT
//
// The witness of a call's target (hazards C6, C7, T19): a direct call leads to the function that was found inside.
#include "support/frame_table_scene.hpp"

namespace surefoot::testing {
namespace {

constexpr Evidence disagrees = EvidenceBit::call_site_disagrees;
constexpr std::uint32_t blr = 0xd63f'0100;

class WalkCallTarget : public FrameTableScene {
 protected:
  // 0 <- 1 <- 2 <- 3; 10 is a part of a function, and begins with that one's record.
  WalkCallTarget() {
    context.witnesses.call_target = true;
    std::vector<SectionFunction> all;
    for (unsigned number = 0; number < 10; ++number) {
      all.push_back({.start = code::function(number),
                     .size = 0x100,
                     .rows = {{.words = {0}}, {.start = 8, .words = {16, -8, -16}}}});
    }
    all.push_back(with_record(10));
    functions(all);
    for (const unsigned innermost : {0U, 10U, 40U}) call(ret(innermost), code::function(9));
    call(ret(1), code::function(0));
    call(ret(2), code::function(1));
    call(ret(3), code::function(2));
    task.record("a", "b", ret(1)).record("b", "c", ret(2)).record("c", "final", ret(3)).final_record();
  }
  static constexpr std::uint64_t ret(unsigned number) { return code::ret(number); }
  void call(std::uint64_t return_address, std::uint64_t target) {
    const std::uint64_t words = (target - (return_address - 4)) / 4;
    memory.set_instruction(return_address - 4, 0x9400'0000U | (static_cast<std::uint32_t>(words) & 0x03ff'ffffU));
  }
  // Of the frame of function 1, which called function 0, or says so.
  void expect_caller(Evidence evidence, const Walked& walked) {
    EXPECT_EQ(text(walked.frames.at(1).evidence), text(evidence)) << text(walked);
    EXPECT_EQ(walked.verdict.is_reliable(), !evidence.has(disagrees)) << text(walked);
  }
  void expect_caller(Evidence evidence) { expect_caller(evidence, walk_from(ret(0), "a")); }
};

TEST_F(WalkCallTarget, C7_AgreesWithCallsThatLeadInside) { expect_caller({}); }

TEST_F(WalkCallTarget, C7_TellsACallOfAnotherFunction) {
  for (const std::uint64_t target : {code::function(5), code::function(0) + 4, code::function(0) - 4, code::text_end}) {
    call(ret(1), target);
    expect_caller(disagrees);
  }
}

// Function 1 is skipped: what function 2 called is not what is inside.
TEST_F(WalkCallTarget, T19_TellsASkippedFrame) {
  task.set(1, ret(2));
  expect_caller(disagrees);
}

TEST_F(WalkCallTarget, C7_TellsWhatIsNoCall) {
  memory.set_instruction(ret(1) - 4, 0xd503'201f);
  expect_caller(disagrees);
}

// Nothing tells it from a wrong address.
TEST_F(WalkCallTarget, C6_DoubtsATailCall) {
  call(ret(1), code::function(7));
  expect_caller(disagrees);
  context.witnesses = {.call_site = true};
  expect_caller({});
}

TEST_F(WalkCallTarget, C7_DoesNotKnowWhereACallByARegisterLeads) {
  memory.set_instruction(ret(1) - 4, blr);
  expect_caller({});
}

TEST_F(WalkCallTarget, C5_DoesNotKnowWhereAVeneerLeads) {
  call(ret(1), code::veneer.start());
  expect_caller({});
}

TEST_F(WalkCallTarget, M9_DoesNotJudgeAPartOfAFunction) {
  expect_caller({}, walk_from(ret(10), "a"));
  expect_caller({}, walk_from(ret(40), "a"));  // of no function that a table knows
}

TEST_F(WalkCallTarget, X1_TellsWhoCalledTheInterruptedFunction) {
  interrupted_.lr = ret(1);
  for (const std::uint64_t offset : {std::uint64_t{0}, std::uint64_t{0x30}}) {
    const bool is_leaf = offset == 0;
    expect_caller(
        {}, walk_at(code::function(0) + offset, is_leaf ? Ref("b") : Ref("a"), is_leaf ? address("b") : address("a")));
    const Walked walked =
        walk_at(code::function(4) + offset, is_leaf ? Ref("b") : Ref("a"), is_leaf ? address("b") : address("a"));
    expect_caller(disagrees, walked);
  }
}

TEST_F(WalkCallTarget, G1_LooksAtTheRestoredAddress) {
  task.set(1, code::handler);
  push(ret(1), "b");
  expect_caller(EvidenceBit::return_address_hooked);
}

}  // namespace
}  // namespace surefoot::testing
