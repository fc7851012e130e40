// SPDX-License-Identifier: MIT
//
// The call-site witness (hazards C7, C15): with it on, there has to be a call before every return address.
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::ret;

constexpr Evidence disagrees = EvidenceBit::call_site_disagrees;
constexpr std::uint32_t bl = 0x9400'0040;
constexpr std::uint32_t nop = 0xd503'201f;

class WalkWitness : public Scene {
 protected:
  WalkWitness() {
    context.witnesses.call_site = true;
    for (unsigned number = 0; number < 10; ++number) memory.set_instruction(ret(number) - 4, bl);
    task.record("a", "b", ret(1)).record("b", "final", ret(2)).final_record();
  }
  // The first frame of the record "a", with whatever is before its return address.
  void expect_first(Evidence evidence, const Walked& walked) {
    EXPECT_EQ(text(evidence), text(walked.frames.at(1).evidence)) << text(walked);
    EXPECT_EQ(walked.verdict.is_reliable(), evidence.is_empty());
  }
};

TEST_F(WalkWitness, C7_TrustsReturnAddressesBehindCalls) {
  expect(reliable({from_start(ret(0)), from_record(ret(1)), from_record(ret(2))}, address("final")),
         walk_from(ret(0), "a"));
}

TEST_F(WalkWitness, C7_KnowsEveryCall) {
  struct Case {
    std::uint32_t instruction;
    bool is_call;
  } const cases[] = {
      {0x9400'0000, true},   // bl .
      {0x97ff'ffff, true},   // bl .-4
      {0xd63f'0000, true},   // blr x0
      {0xd63f'03c0, true},   // blr x30
      {0xd63f'081f, true},   // blraaz x0
      {0xd63f'0bdf, true},   // blraaz x30
      {0xd63f'0c1f, true},   // blrabz x0
      {0xd73f'0801, true},   // blraa x0, x1
      {0xd73f'0bdf, true},   // blraa x30, sp
      {0xd73f'0c1f, true},   // blrab x0, sp
      {0x1400'0000, false},  // b .
      {0xd61f'0000, false},  // br x0
      {0xd61f'081f, false},  // braaz x0
      {0xd65f'03c0, false},  // ret
      {0xd65f'0bff, false},  // retaa
      {0xd63f'0001, false},  // unallocated
      {0xd73f'0000, false},  // unallocated
      {0x5400'0000, false},  // b.eq .
      {nop, false},         {0, false}, {0xffff'ffff, false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(::testing::Message() << std::hex << c.instruction);
    memory.set_instruction(ret(1) - 4, c.instruction);
    expect_first(c.is_call ? Evidence() : disagrees, walk_from(ret(0), "a"));
  }
}

// Of BLRAAZ and BLRABZ, with a modifier other than 31. Disabled: is_indirect_call() in src/unwind/witnesses.cpp takes
// them for calls.
TEST_F(WalkWitness, C7_KnowsUnallocatedWordsThatLookLikeAuthenticatedCalls) {
  for (const std::uint32_t instruction : {0xd63f'0800U, 0xd63f'0c1eU}) {
    memory.set_instruction(ret(1) - 4, instruction);
    expect_first(disagrees, walk_from(ret(0), "a"));
  }
}

TEST_F(WalkWitness, C7_LooksAtNothingWhileItIsOff) {
  memory.set_instruction(ret(1) - 4, nop);
  context.witnesses.call_site = false;
  const Walked walked = walk_from(ret(0), "a");
  EXPECT_TRUE(walked.verdict.is_reliable());
  for (const std::uint64_t at : log.addresses) EXPECT_GE(at, task.base());
}

TEST_F(WalkWitness, C7_ReadsTheAlignedWordsThatHoldTheCalls) {
  (void)walk_from(ret(0), "a");
  std::set<std::uint64_t> read;
  for (const std::uint64_t at : log.addresses) {
    if (at < task.base()) read.insert(at);
  }
  EXPECT_EQ(read,
            (std::set<std::uint64_t>{code::function(0) + 0x20, code::function(1) + 0x20, code::function(2) + 0x20}));
}

TEST_F(WalkWitness, C7_LooksAtTheRightHalfOfAWord) {
  for (const std::uint64_t lr : {ret(1), ret(1) + 4}) {
    task.set(1, lr);
    memory.set_instruction(ret(1) - 4, lr == ret(1) ? bl : nop);
    memory.set_instruction(ret(1), lr == ret(1) ? nop : bl);
    expect_first({}, walk_from(ret(0), "a"));
  }
}

// A task that was started by `ret` into a function: nothing called the function whose first instruction this is.
TEST_F(WalkWitness, C15_DoubtsAnOutermostReturnAddressThatFollowsNoCall) {
  memory.set_instruction(code::function(2) - 4, nop);  // the end of another function
  task.set(3, code::function(2));
  expect(unreliable({from_start(ret(0)), from_record(ret(1)), from_record(code::function(2), disagrees)},
                    {.stop_at = address("final"), .first_doubtful = 2}),
         walk_from(ret(0), "a"));
}

TEST_F(WalkWitness, C7_DoubtsTheStart) {
  memory.set_instruction(ret(0) - 4, nop);
  expect(unreliable({from_start(ret(0), disagrees), from_record(ret(1)), from_record(ret(2))},
                    {.stop_at = address("final"), .first_doubtful = 0}),
         walk_from(ret(0), "a"));
}

TEST_F(WalkWitness, C7_LooksBeforeTheRestoredAddressAndNotBeforeTheHook) {  // G1
  task.set(1, code::handler);
  push(ret(1), "b");
  const Walked walked = walk_from(ret(0), "a");
  EXPECT_TRUE(walked.verdict.is_reliable()) << text(walked);
  memory.set_instruction(ret(1) - 4, nop);
  expect(unreliable({from_start(ret(0)), from_return_stack(ret(1), disagrees), from_record(ret(2))},
                    {.stop_at = address("final"), .first_doubtful = 1}),
         walk_from(ret(0), "a"));
}

// A tracer has put function 5 in the place of another: its record names the instruction behind its first one.
TEST_F(WalkWitness, F2_LooksForNoCallBeforeWhatATrampolineResumes) {
  context.policy = Policy::exact;
  irq.record("tracer", "f", code::after_ftrace_call)
      .ftrace_frame("f", {.function_return = code::function(5) + 4,
                          .parent_fp = "a",
                          .parent_return = ret(3),
                          .saved_pc = code::function(5)});
  memory.set_instruction(code::after_ftrace_call - 4, bl);
  const Start start = Start::at_call({.fp = address("tracer"), .sp = irq.base(), .pc = ret(0)});
  const Walked walked = walk(start);
  EXPECT_EQ(walked.frames.at(2).pc, code::function(5) + 4);
  EXPECT_TRUE(walked.verdict.is_reliable()) << text(walked);
  memory.set_instruction(ret(3) - 4, nop);
  EXPECT_TRUE(walk(start).frames.at(3).evidence.has(disagrees));
}

// Only what a trampoline resumes is behind no call: special code may be called, and its caller has called it.
TEST_F(WalkWitness, C7_LooksForTheCallOfSpecialCodeWithAPlainRecord) {
  context.policy = Policy::exact;
  const RangeTable table = RangeTable(code::text_end).add(code::other, SpecialKind::other, {.pc = From::frame_record});
  context.special_ranges = table.make().value();
  memory.set_instruction(code::other.start() + 4, bl);
  task.set(1, code::other.start() + 8);
  EXPECT_TRUE(walk_from(ret(0), "a").verdict.is_reliable());
  memory.set_instruction(ret(2) - 4, nop);
  const Walked walked = walk_from(ret(0), "a");
  EXPECT_EQ(text(walked.frames.at(2).evidence), text(disagrees)) << text(walked);
}

TEST_F(WalkWitness, C7_LooksBeforeAStrippedAddress) {  // C8
  context.pac = PointerAuthMask::for_address_bits(48);
  task.set(1, ret(1) | 0x005a'0000'0000'0000);
  expect_first({}, walk_from(ret(0), "a"));
}

TEST_F(WalkWitness, C7_DoesNotLookBeforeAnExactPc) {
  context.policy = Policy::exact;
  const std::array<std::uint64_t, 1> sites{code::function(5)};
  context.patch_sites = PatchSites::make(sites, 0, 8).value();
  ExceptionFrame frame = branded_exception_frame();
  frame.pc = code::function(5);
  frame.lr = ret(6);
  frame.fp = address("a");
  frame.sp = task.base();
  const Walked walked = walk(Start::exception(frame));
  EXPECT_TRUE(walked.verdict.is_reliable()) << text(walked);
  memory.set_instruction(ret(6) - 4, nop);
  expect_first(disagrees, walk(Start::exception(frame)));
}

TEST_F(WalkWitness, C7_DoubtsWhatItCannotRead) {
  log.refused = {code::function(1) + 0x20};
  expect_first(disagrees, walk_from(ret(0), "a"));
}

// The standard assertion of every walk: nothing outside of stacks and text is read.
TEST_F(WalkWitness, C7_ReadsNothingThatIsNotText) {
  text_ranges = {AddressRange(code::function(1), code::function(2))};
  for (const std::uint64_t lr : {code::function(2) + 4, code::function(1), std::uint64_t{0x7000'0004}}) {
    task.set(1, lr);
    expect_first(EvidenceBit::not_text, walk_from(ret(0), "a"));
  }
}

// No instruction ends there.
TEST_F(WalkWitness, C1_C7_DoubtsAMisalignedAddressTwice) {
  task.set(1, ret(1) + 2);
  expect_first(disagrees | EvidenceBit::not_text, walk_from(ret(0), "a"));
}

// The call is text, and the other half of its word is not.
TEST_F(WalkWitness, C7_FindsTheFirstAndTheLastCallOfARegion) {
  constexpr AddressRange region(code::function(1) + 4, code::function(2) - 4);
  text_ranges = {AddressRange(code::text_start, code::function(1)), region,
                 AddressRange(code::function(2), code::text_end)};
  for (const std::uint64_t lr : {region.start() + 4, region.end()}) {
    task.set(1, lr);
    memory.set_instruction(lr - 4, bl);
    expect_first({}, walk_from(ret(0), "a"));
    memory.set_instruction(lr - 4, nop);
    expect_first(disagrees, walk_from(ret(0), "a"));
  }
}

}  // namespace
}  // namespace surefoot::testing
