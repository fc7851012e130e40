// SPDX-License-Identifier: MIT
//
// What the addresses of a chain are (hazards C0 to C4, C6, C8 to C11).
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::ret;

constexpr Evidence not_text = EvidenceBit::not_text;
// What a return address in special code shows for which there is no rule.
constexpr Evidence special = EvidenceBit::in_special_range | EvidenceBit::special_code_without_rule;

class WalkCode : public Scene {
 protected:
  // A chain of three whose middle return address is `lr`.
  void draw(std::uint64_t lr) { task.record("a", "b", lr).record("b", "final", ret(2)).final_record(); }
  [[nodiscard]] Walked walk_through(std::uint64_t lr) {
    draw(lr);
    return walk_from(ret(0), "a");
  }
  void expect_reliable_through(std::uint64_t lr) {
    const Walked walked = walk_through(lr);
    expect(reliable({from_start(ret(0)), from_record(lr), from_record(ret(2))}, address("final")), walked);
  }
  void expect_doubt(std::uint64_t lr, Evidence evidence, SpecialKind kind = SpecialKind::none) {
    const Walked walked = walk_through(lr);
    expect(unreliable({from_start(ret(0)), from_record(lr, evidence, kind), from_record(ret(2))},
                      {.stop_at = address("final"), .first_doubtful = 1}),
           walked);
  }
};

TEST_F(WalkCode, C0_DoubtsAStartOutsideText) {
  task.record("a", "final", ret(1)).final_record();
  expect(unreliable({from_start(0x1000, not_text), from_record(ret(1))}, {.stop_at = address("final")}),
         walk_from(0x1000, "a"));
}

TEST_F(WalkCode, C0_DoubtsAStartInASpecialRange) {
  task.record("a", "final", ret(1)).final_record();
  const std::uint64_t start = code::other.start() + 8;
  expect(
      unreliable({from_start(start, special, SpecialKind::other), from_record(ret(1))}, {.stop_at = address("final")}),
      walk_from(start, "a"));
}

TEST_F(WalkCode, C1_DoubtsAReturnAddressOutsideText) { expect_doubt(code::text_end + 0x100, not_text); }
TEST_F(WalkCode, C1_DoubtsAMisalignedReturnAddress) { expect_doubt(ret(1) + 2, not_text); }
TEST_F(WalkCode, C1_DoubtsAReturnAddressOnAStack) { expect_doubt(0x7000'0008, not_text); }
TEST_F(WalkCode, C1_DoubtsAReturnAddressBelowTheFirstInstruction) { expect_doubt(4, not_text); }
TEST_F(WalkCode, C1_DoubtsAReturnAddressAtTheTopOfTheAddressSpace) { expect_doubt(0xffff'ffff'ffff'fffc, not_text); }

// The call before it would lie outside.
TEST_F(WalkCode, C1_DoubtsAReturnToTheFirstInstructionOfText) { expect_doubt(code::text_start, not_text); }

TEST_F(WalkCode, C1_DoubtsAReturnAddressWhoseCallIsInTextInPartOnly) {
  text_ranges.emplace_back(0x9000'0000, 0x9000'0042);
  expect_doubt(0x9000'0044, not_text);
}

// Between the special code below and the text that the caller is in: what is known of one address is not true of it.
TEST_F(WalkCode, C1_DoubtsAReturnAddressBelowTheTextOfTheFrameBefore) {
  text_ranges.emplace_back(0x9000'0000, 0x9000'1000);
  task.record("a", "b", 0x9000'0040).record("b", "c", 0x8000'0040).record("c", "final", ret(2)).final_record();
  expect(unreliable(
             {from_start(ret(0)), from_record(0x9000'0040), from_record(0x8000'0040, not_text), from_record(ret(2))},
             {.stop_at = address("final"), .first_doubtful = 2}),
         walk_from(ret(0), "a"));
}

TEST_F(WalkCode, C2_DoubtsReturnAddressesInASpecialRangeThatIsAllOfTheText) {
  const RangeTable table = RangeTable(code::text_end).add(code::text_start, code::text_end, SpecialKind::other);
  context.special_ranges = table.make().value();
  draw(ret(1));
  const auto doubted = [](Frame frame) {
    frame.evidence = special;
    frame.special = SpecialKind::other;
    return frame;
  };
  expect(unreliable({doubted(from_start(ret(0))), doubted(from_record(ret(1))), doubted(from_record(ret(2)))},
                    {.stop_at = address("final")}),
         walk_from(ret(0), "a"));
}

TEST_F(WalkCode, C2_DoubtsAReturnAddressInEverySpecialRange) {
  const SpecialRanges ranges = usual_table().make().value();
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    SCOPED_TRACE(to_string(ranges[i].kind));
    // Record "b" as a chain of its own in a memory of its own.
    Memory picture;
    StackImage& stack = picture.add_stack(0x7000'0000, StackKind::task);
    const std::uint64_t lr = ranges[i].range.start() + 4;
    stack.record("a", "final", lr).final_record();
    const std::vector<Stack> stacks = picture.stacks();
    context.stacks = stacks;
    context.text = text_ranges;
    context.final_record_at = picture.resolve("final");
    const bool has_rule = ranges[i].rule.is_known();
    // A trampoline's own record cannot be the final one.
    const Evidence at_end = ranges[i].rule.offset != 0 ? Evidence(EvidenceBit::saved_pc_differs) : Evidence();
    expect(unreliable({from_start(ret(0)),
                       from_record(lr, has_rule ? Evidence(EvidenceBit::in_special_range) : special, ranges[i].kind)},
                      {.stop_at = context.final_record_at, .first_doubtful = 1, .also = at_end}),
           checked_walk(Start::at_call({.fp = stack.base(), .sp = stack.base(), .pc = ret(0)}), context, picture, log));
  }
}

// The call is the last instruction of ordinary code, and special code follows.
TEST_F(WalkCode, C3_TrustsAReturnAddressOnePastTheEndOfAFunction) { expect_reliable_through(code::vectors.start()); }
TEST_F(WalkCode, C3_TrustsAReturnAddressOnePastTheEndOfText) { expect_reliable_through(code::text_end); }

TEST_F(WalkCode, C3_DoubtsAReturnAddressOnePastTheEndOfSpecialCode) {
  expect_doubt(code::veneer.end(), special, SpecialKind::veneer);
}

TEST_F(WalkCode, C3_LooksUpAnInterruptedPcAsItIs) {
  ExceptionFrame frame = branded_exception_frame();
  frame.pc = code::other.end();  // the instruction after the range
  task.record("a", "final", ret(1)).final_record();
  frame.fp = address("a");
  expect(unreliable({interrupted(frame.pc, Source::start), from_record(ret(1))}, {.stop_at = address("final")}),
         walk(Start::exception(frame)));
}

TEST_F(WalkCode, C3_ComparesWithATrampolineBeforeSubtracting) {
  draw(code::handler);
  push(ret(1), "b");
  expect(reliable({from_start(ret(0)), from_return_stack(ret(1)), from_record(ret(2))}, address("final")),
         walk_from(ret(0), "a"));
}

TEST_F(WalkCode, C4_TrustsGeneratedCodeThatIsRegistered) {
  text_ranges.emplace_back(0x9000'0000, 0x9000'1000);
  expect_reliable_through(0x9000'0040);
}

TEST_F(WalkCode, C4_DoubtsGeneratedCodeThatIsNotRegistered) { expect_doubt(0x9000'0040, not_text); }

// Function 1 tail-called function 0: its record is gone, and rightly so, since nothing returns to it.
TEST_F(WalkCode, C6_TrustsATraceWithoutAFunctionThatTailCalled) { expect_reliable_through(ret(3)); }

TEST_F(WalkCode, C8_StripsASignedReturnAddressInTheLowHalf) {
  context.pac = PointerAuthMask::for_address_bits(48);
  const Walked walked = walk_through(0xff5a'0000'0000'0000 | ret(1));
  expect(reliable({from_start(ret(0)), from_record(ret(1)), from_record(ret(2))}, address("final")), walked);
}

TEST_F(WalkCode, C8_StripsASignedReturnAddressInTheKernelHalf) {
  context.pac = PointerAuthMask::for_address_bits(48);
  text_ranges.emplace_back(0xffff'8000'0000'0000, 0xffff'8000'0001'0000);
  const Walked walked = walk_through(0x00a5'8000'0000'0024 | std::uint64_t{1} << 55);
  expect(reliable({from_start(ret(0)), from_record(0xffff'8000'0000'0024), from_record(ret(2))}, address("final")),
         walked);
}

TEST_F(WalkCode, C8_StripsTheStartingPc) {
  context.pac = PointerAuthMask::for_address_bits(48);
  task.record("a", "final", ret(1)).final_record();
  expect(reliable({from_start(ret(0)), from_record(ret(1))}, address("final")),
         walk_from(0x002a'0000'0000'0000 | ret(0), "a"));
}

TEST_F(WalkCode, C8_ComparesWithATrampolineAfterStripping) {
  context.pac = PointerAuthMask::for_address_bits(48);
  draw(0x005a'0000'0000'0000 | code::handler);
  push(0x0042'0000'0000'0000 | ret(1), "b");
  expect(reliable({from_start(ret(0)), from_return_stack(ret(1)), from_record(ret(2))}, address("final")),
         walk_from(ret(0), "a"));
}

TEST_F(WalkCode, C8_DoubtsASignedReturnAddressWithoutAMask) { expect_doubt(0x005a'0000'0000'0000 | ret(1), not_text); }

TEST_F(WalkCode, C9_DoubtsEveryTraceWithoutAValidTable) {
  context.special_ranges = {};
  constexpr Evidence refused = EvidenceBit::special_ranges_refused;
  const Walked walked = walk_through(ret(1));
  expect(unreliable({from_start(ret(0), refused), from_record(ret(1), refused), from_record(ret(2), refused)},
                    {.stop_at = address("final"), .first_doubtful = 0}),
         walked);
}

TEST_F(WalkCode, C9_TrustsATraceOfAKernelThatSaysItHasNoSpecialCode) {
  context.special_ranges = SpecialRanges::none();
  expect_reliable_through(ret(1));
}

// C10: the edges, as a walk sees them. A return address belongs to the range of its call.
TEST_F(WalkCode, C10_TrustsAReturnAddressThatIsTheStartOfARange) { expect_reliable_through(code::other.start()); }
TEST_F(WalkCode, C10_DoubtsAReturnAddressAfterTheFirstInstructionOfARange) {
  expect_doubt(code::other.start() + 4, special, SpecialKind::other);
}
TEST_F(WalkCode, C10_TrustsAReturnAddressOneInstructionBehindTheEndOfARange) {
  expect_reliable_through(code::other.end() + 4);
}

TEST_F(WalkCode, C11_DoubtsEveryAddressWithoutText) {
  text_ranges.clear();
  const Walked walked = walk_through(ret(1));
  expect(unreliable({from_start(ret(0), not_text), from_record(ret(1), not_text), from_record(ret(2), not_text)},
                    {.stop_at = address("final")}),
         walked);
}

}  // namespace
}  // namespace surefoot::testing
