// SPDX-License-Identifier: MIT
//
// The exact policy with made-up registers: each form of rule leads to the caller, and a rule that does not hold here is
// not used. Walks start at an interrupted pc of the program whose trampolines have all their rules.
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::function;
using code::ret;

constexpr std::uint64_t resume = function(1) + 8;  // where F goes on behind its patch site
constexpr Evidence boundary = EvidenceBit::crossed_exception | EvidenceBit::in_special_range;

class WalkExact : public Scene {
 protected:
  WalkExact() {
    context.policy = Policy::exact;
    context.special_ranges = ruled_table().make().value();
    interrupted_.pstate = 0x3c5;  // EL1h
  }

  // P's record, and above it that of its caller: function 3 called P (function 2), which called F (function 1).
  void p_and_above() { task.record("p", "g", ret(3)).record("g", "final", ret(4)).final_record(); }

  [[nodiscard]] Walked walk_at(std::uint64_t pc) {
    interrupted_.pc = pc;
    interrupted_.fp = address("p");
    interrupted_.sp = task.base();
    return walk(Start::exception(interrupted_));
  }
  static Frame at(std::uint64_t pc, SpecialKind kind, Evidence also = {}) {
    Frame frame = from_start(pc, boundary | also, kind);
    frame.kind = CodeAddress::Kind::exact;
    return frame;
  }
  static Frame from(Source source, std::uint64_t pc, CodeAddress::Kind kind, Evidence evidence = {}) {
    Frame frame = from_record(pc, evidence);
    frame.source = source;
    frame.kind = kind;
    return frame;
  }
  static Frame resumed(Source source) { return from(source, resume, CodeAddress::Kind::exact); }
  static Frame by_lr(std::uint64_t pc, Evidence evidence = {}) {
    return from(Source::link_register, pc, CodeAddress::Kind::return_address, evidence);
  }
  // A handler whose range with the rule ends with its call. The return address behind that.
  std::uint64_t use_handler_without_record() {
    constexpr std::uint64_t behind = code::handler + 8;
    static const RangeTable table = [] {
      RangeTable made(code::text_end + 0x1'0000);
      made.add(code::handler, behind, SpecialKind::return_to_handler, {.pc = From::return_stack})
          .add(behind, code::return_to_handler.end(), SpecialKind::ftrace_trampoline);
      return made;
    }();
    context.special_ranges = table.make().value();
    return behind;
  }
  void expect_reliable(std::vector<Frame> frames, const Walked& walked) {
    frames.push_back(from_record(ret(3)));
    frames.push_back(from_record(ret(4)));
    expect(reliable(std::move(frames), address("final")), walked);
  }

  ExceptionFrame interrupted_ = branded_exception_frame();
};

constexpr auto trampoline = SpecialKind::ftrace_trampoline;
constexpr auto handler_kind = SpecialKind::return_to_handler;

TEST_F(WalkExact, E4_TakesTheFunctionFromTheLinkRegisterAndItsCallerFromX9) {
  p_and_above();
  interrupted_.lr = resume;
  interrupted_.x[9] = ret(2);
  expect_reliable({at(code::ftrace_caller.start(), trampoline), resumed(Source::link_register), by_lr(ret(2))},
                  walk_at(code::ftrace_caller.start()));
}

TEST_F(WalkExact, E4_RestoresACallerInX9ThatIsAHook) {  // a traced function that was tail-called by a traced one
  p_and_above();
  push(ret(2), "p");
  interrupted_.lr = resume;
  interrupted_.x[9] = code::handler;
  Frame caller = from_return_stack(ret(2));
  expect_reliable({at(code::ftrace_caller.start(), trampoline), resumed(Source::link_register), caller},
                  walk_at(code::ftrace_caller.start()));
}

// The function is in code of which a rule holds by its record: it has none, and the rule says nothing of its caller.
TEST_F(WalkExact, E4_UsesNothingOfTheRuleOfAFunctionThatReturnsByItsLinkRegister) {  // G5
  p_and_above();
  push(ret(3), "g");
  interrupted_.lr = code::ftrace_call.start();
  interrupted_.x[9] = ret(2);
  Frame resumed_there =
      from(Source::link_register, code::ftrace_call.start(), CodeAddress::Kind::exact, EvidenceBit::in_special_range);
  resumed_there.special = SpecialKind::ftrace_call;
  expect(unreliable({at(code::ftrace_caller.start(), trampoline), resumed_there, by_lr(ret(2)), from_record(ret(3)),
                     from_record(ret(4))},
                    {.stop_at = address("final"), .also = EvidenceBit::return_entry_left_over}),
         walk_at(code::ftrace_caller.start()));
}

TEST_F(WalkExact, C5_TakesAFunctionWithARecordFromX9WhateverTheLinkRegisterSays) {
  const RangeTable table = RangeTable(code::text_end).add(code::veneer, SpecialKind::veneer, {.pc = From::x9});
  context.special_ranges = table.make().value();
  p_and_above();
  interrupted_.x[9] = resume;
  interrupted_.lr = ret(9);
  expect_reliable({at(code::veneer.start(), SpecialKind::veneer), resumed(Source::x9)}, walk_at(code::veneer.start()));
}

TEST_F(WalkExact, E10_TakesTheFunctionFromTheStackAndItsCallerFromTheLinkRegister) {
  task.junk(2).word(resume).junk(1);
  p_and_above();
  interrupted_.lr = ret(2);
  expect_reliable({at(code::ftrace_tail.start(), trampoline), resumed(Source::stack), by_lr(ret(2))},
                  walk_at(code::ftrace_tail.start()));
}

TEST_F(WalkExact, E10_X15_FollowsTheRecordWhenTheSlotIsNotOnTheStack) {
  task.junk(3);
  p_and_above();
  interrupted_.pc = code::ftrace_tail.start();
  interrupted_.fp = address("p");
  // On no stack; so near to the end of one that the slot is behind it; not aligned.
  for (const std::uint64_t sp : {brand(31), task.base() - 24, task.base() + 4}) {
    SCOPED_TRACE(::testing::Message() << "sp 0x" << std::hex << sp);
    interrupted_.sp = sp;
    expect(unreliable({at(code::ftrace_tail.start(), trampoline),
                       from_record(ret(3), EvidenceBit::unknown_interrupted_code), from_record(ret(4))},
                      {.stop_at = address("final"), .first_doubtful = 1}),
           walk(Start::exception(interrupted_)));
  }
}

TEST_F(WalkExact, E11_TakesTheFunctionFromX9AndItsCallerFromTheLinkRegister) {
  p_and_above();
  push(ret(2), "p");
  interrupted_.lr = code::handler;
  interrupted_.x[9] = resume;
  expect_reliable({at(code::ftrace_tail.start() + 0x10, trampoline), resumed(Source::x9), from_return_stack(ret(2))},
                  walk_at(code::ftrace_tail.start() + 0x10));
}

TEST_F(WalkExact, R1_TakesTheCallerFromTheReturnStackWhateverTheLinkRegisterSays) {  // G12
  p_and_above();
  push(ret(2), "p");
  interrupted_.lr = ret(9);
  expect_reliable({at(code::handler, handler_kind), from_return_stack(ret(2))}, walk_at(code::handler));
}

TEST_F(WalkExact, R1_DoubtsAnEntryWithAnotherKey) {  // G12
  p_and_above();
  push(ret(2), "g");
  EXPECT_FALSE(walk_at(code::handler).verdict.is_reliable());
}

TEST_F(WalkExact, R1_DoubtsAnEmptyReturnStack) {  // G12
  p_and_above();
  const Walked walked = walk_at(code::handler);
  EXPECT_TRUE(walked.verdict.evidence.has(EvidenceBit::return_address_unresolved));
  EXPECT_FALSE(walked.verdict.is_reliable());
}

TEST_F(WalkExact, R5_TakesTheCallerFromTheLinkRegisterWhileItsEntryIsThere) {  // G12
  p_and_above();
  push(ret(2), "p");
  interrupted_.lr = ret(2);
  expect_reliable({at(code::handler + 8, handler_kind), by_lr(ret(2), EvidenceBit::return_entry_in_flight)},
                  walk_at(code::handler + 8));
}

TEST_F(WalkExact, R5_TakesTheCallerFromTheLinkRegisterWhenItsEntryIsGone) {  // G12, R3: there is no moment between
  p_and_above();
  interrupted_.lr = ret(2);
  expect_reliable({at(code::handler + 8, handler_kind), by_lr(ret(2))}, walk_at(code::handler + 8));
}

TEST_F(WalkExact, R5_ResolvesALinkRegisterThatIsAHookAgain) {  // G8: two entries with one key
  p_and_above();
  push(ret(2), "p");
  push(code::handler, "p");
  interrupted_.lr = code::handler;
  expect_reliable({at(code::handler + 8, handler_kind), from_return_stack(ret(2), EvidenceBit::return_entry_in_flight)},
                  walk_at(code::handler + 8));
}

TEST_F(WalkExact, R5_ResolvesALinkRegisterThatIsTheHookOfAnotherMechanism) {  // K4
  p_and_above();
  push(ret(2), "p", code::probe);
  push(code::probe, "p");
  interrupted_.lr = code::probe;
  expect_reliable({at(code::handler + 8, handler_kind), from_return_stack(ret(2), EvidenceBit::return_entry_in_flight)},
                  walk_at(code::handler + 8));
}

TEST_F(WalkExact, F1_TrustsATracerWhileRecordAndSavedPcAgree) {  // E7
  task.record("t", "f", code::after_ftrace_call)
      .ftrace_frame("f", {.function_return = resume, .parent_fp = "p", .parent_return = ret(2)});
  p_and_above();
  Frame in_call = from_record(code::after_ftrace_call, EvidenceBit::in_special_range, SpecialKind::ftrace_call);
  expect_reliable({from_start(ret(0)), in_call, from_record(resume), from_record(ret(2))}, walk_from(ret(0), "t"));
}

TEST_F(WalkExact, E6_FollowsTheTrampolinesRecordsWhateverTheLinkRegisterSays) {  // and E8
  task.ftrace_frame("f", {.function_return = resume, .parent_fp = "p", .parent_return = ret(2)});
  p_and_above();
  interrupted_.pc = code::ftrace_call.start();
  interrupted_.fp = address("f");
  interrupted_.sp = task.base();
  interrupted_.lr = code::handler;
  expect_reliable({at(code::ftrace_call.start(), SpecialKind::ftrace_call), from_record(resume), from_record(ret(2))},
                  walk(Start::exception(interrupted_)));
}

TEST_F(WalkExact, R2_FindsTheCallerOfAnExitCallbackByTheHandlersOwnRecord) {  // and R4, G10
  constexpr Rule by_record{.pc = From::frame_record};
  RangeTable table(code::text_end + 0x1'0000);
  table.add(code::return_to_handler, handler_kind, by_record);
  context.special_ranges = table.make().value();
  const std::uint64_t in_handler = code::handler + 0x20;
  task.record("t", "h", in_handler).junk(2).record("h", "p", code::handler);
  p_and_above();
  push(ret(2), "p");
  Frame in_frame = from_record(in_handler, EvidenceBit::in_special_range, handler_kind);
  expect_reliable({from_start(ret(0)), in_frame, from_return_stack(ret(2))}, walk_from(ret(0), "t"));
}

// Linux's handler makes no record: in what it calls, fp is the function's own, and the entry is there with that key.
TEST_F(WalkExact, R2_FindsTheCallerOfAnExitCallbackByTheNewestEntry) {
  const std::uint64_t in_handler = use_handler_without_record();
  task.record("t", "p", in_handler);
  p_and_above();
  push(ret(2), "p");
  Frame in_frame = from_record(in_handler, EvidenceBit::in_special_range, handler_kind);
  expect_reliable({from_start(ret(0)), in_frame, from_return_stack(ret(2))}, walk_from(ret(0), "t"));
}

TEST_F(WalkExact, R2_DoubtsAnExitCallbackWhoseEntryIsGoneOrHasAnotherKey) {
  task.record("t", "p", use_handler_without_record());
  p_and_above();
  EXPECT_FALSE(walk_from(ret(0), "t").verdict.is_reliable());
  push(ret(2), "g");
  EXPECT_FALSE(walk_from(ret(0), "t").verdict.is_reliable());
}

TEST_F(WalkExact, F2_DoubtsATracerThatRedirectedTheSavedPcAlone) {
  task.record("t", "f", code::after_ftrace_call)
      .ftrace_frame("f",
                    {.function_return = resume, .parent_fp = "p", .parent_return = ret(2), .saved_pc = function(7)});
  p_and_above();
  EXPECT_FALSE(walk_from(ret(0), "t").verdict.is_reliable());
}

// Where the trampoline's records should be is the end of the chain: this return address was put there.
TEST_F(WalkExact, F1_DoubtsATrampolineWithoutRecords) {
  task.record("t", "final", code::after_ftrace_call).final_record();
  const Walked walked = walk_from(ret(0), "t");
  EXPECT_TRUE(walked.verdict.evidence.has(EvidenceBit::saved_pc_differs));
  EXPECT_FALSE(walked.verdict.is_reliable());
}

TEST_F(WalkExact, G7_TrustsAnEntryInFlightInsideTheTrampoline) {  // F4
  const std::uint64_t in_graph_caller = code::ftrace_graph_caller.start() + 4;
  task.record("t", "f", in_graph_caller)
      .ftrace_frame("f", {.function_return = resume, .parent_fp = "p", .parent_return = ret(2)});
  p_and_above();
  push(ret(2), "p");
  Frame in_caller = from_record(in_graph_caller, EvidenceBit::in_special_range, SpecialKind::ftrace_graph_caller);
  expect_reliable(
      {from_start(ret(0)), in_caller, from_record(resume), from_record(ret(2), EvidenceBit::return_entry_in_flight)},
      walk_from(ret(0), "t"));
}

// Up to the entry in flight nothing is missing; the function of the other one is, above.
TEST_F(WalkExact, G5_TrustsTheFramesUpToAnEntryInFlightWhenAnotherIsLeftOver) {
  const std::uint64_t in_graph_caller = code::ftrace_graph_caller.start() + 4;
  task.record("t", "f", in_graph_caller)
      .ftrace_frame("f", {.function_return = resume, .parent_fp = "p", .parent_return = ret(2)});
  p_and_above();
  push(ret(9), "g");
  push(ret(2), "p");
  const Frame in_caller = from_record(in_graph_caller, EvidenceBit::in_special_range, SpecialKind::ftrace_graph_caller);
  expect(
      unreliable({from_start(ret(0)), in_caller, from_record(resume),
                  from_record(ret(2), EvidenceBit::return_entry_in_flight), from_record(ret(3)), from_record(ret(4))},
                 {.stop_at = address("final"), .first_doubtful = 4, .also = EvidenceBit::return_entry_left_over}),
      walk_from(ret(0), "t"));
}

// An exception does not come between a tracer and what it traces: the entry is that of a function that is missing.
TEST_F(WalkExact, G5_DoubtsAnEntryInFlightBehindAnException) {
  const RangeTable table =
      RangeTable(code::text_end).add(code::other, SpecialKind::other, {.pc = From::frame_record, .in_flight = 2});
  context.special_ranges = table.make().value();
  const std::array<std::uint64_t, 1> entries{function(1)};
  context.patch_sites = PatchSites::make(entries, 0, 2 * instruction_size).value();
  const std::uint64_t in_other = code::other.start() + 4;
  task.record("t", "e", in_other).exception_frame("e", {.pc = function(1), .fp = "p", .sp = "p", .lr = ret(2)});
  p_and_above();
  push(ret(2), "p");
  Frame crossed = from(Source::exception_frame, function(1), CodeAddress::Kind::exact, EvidenceBit::crossed_exception);
  expect(unreliable({from_start(ret(0)), from_record(in_other, EvidenceBit::in_special_range, SpecialKind::other),
                     crossed, by_lr(ret(2)), from_record(ret(3)), from_record(ret(4))},
                    {.stop_at = address("final"), .also = EvidenceBit::return_entry_left_over}),
         walk_from(ret(0), "t"));
}

TEST_F(WalkExact, K4_TrustsTwoEntriesInFlightForOneAddress) {  // G7
  task.record("t", "f", code::ftrace_graph_caller.start() + 4)
      .ftrace_frame("f", {.function_return = resume, .parent_fp = "p", .parent_return = ret(2)});
  p_and_above();
  push(ret(2), "p", code::probe);
  push(code::probe, "p");
  EXPECT_TRUE(walk_from(ret(0), "t").verdict.is_reliable());
}

TEST_F(WalkExact, E1_TakesTheCallerFromTheLinkRegisterInAPatchSite) {  // and E2, up to the bl
  p_and_above();
  const std::array<std::uint64_t, 2> entries{function(1) + 4, function(6) + 4};
  context.patch_sites = PatchSites::make(entries, 0 - instruction_size, 2 * instruction_size).value();
  interrupted_.lr = ret(2);
  for (const unsigned offset : {0U, 4U, 8U}) {
    const std::uint64_t pc = function(1) + offset;
    SCOPED_TRACE(::testing::Message() << "offset " << offset);
    Frame start = from_start(pc, EvidenceBit::crossed_exception);
    start.kind = CodeAddress::Kind::exact;
    expect_reliable({start, by_lr(ret(2))}, walk_at(pc));
  }
}

TEST_F(WalkExact, X1_DoubtsTheInstructionBehindAPatchSite) {
  p_and_above();
  const std::array<std::uint64_t, 1> entries{function(1)};
  context.patch_sites = PatchSites::make(entries, 0, 2 * instruction_size).value();
  interrupted_.lr = ret(2);
  const Walked walked = walk_at(function(1) + 8);
  EXPECT_TRUE(walked.verdict.evidence.has(EvidenceBit::unknown_interrupted_code));
  EXPECT_FALSE(walked.verdict.is_reliable());
}

// A call from where only the interrupted registers could tell the caller: they are not known any more.
TEST_F(WalkExact, C2_DoubtsAReturnAddressWhoseRuleNeedsRegisters) {
  task.record("t", "p", code::ftrace_caller.start() + 8);
  p_and_above();
  const Walked walked = walk_from(ret(0), "t");
  EXPECT_TRUE(walked.verdict.evidence.has(EvidenceBit::special_code_without_rule));
  EXPECT_FALSE(walked.verdict.is_reliable());
}

TEST_F(WalkExact, X1_DoubtsAnyOtherInterruptedCode) {
  p_and_above();
  EXPECT_FALSE(walk_at(code::pc(1)).verdict.is_reliable());
}

// The same trace, and another verdict.
TEST_F(WalkExact, LeavesStrictAsItWas) {
  p_and_above();
  push(ret(2), "p");
  const Walked exact = walk_at(code::handler);
  context.policy = Policy::strict;
  const Walked strict = walk_at(code::handler);
  EXPECT_EQ(strict.frames.size(), exact.frames.size());
  EXPECT_EQ(strict.verdict.evidence, exact.verdict.evidence);
  EXPECT_TRUE(exact.verdict.is_reliable());
  EXPECT_FALSE(strict.verdict.is_reliable());
}

TEST(PatchSitesTest, ContainExactlyTheirInstructions) {  // C10
  const std::array<std::uint64_t, 3> entries{0x1004, 0x2004, 0x200c};
  const PatchSites sites = PatchSites::make(entries, 0 - instruction_size, instruction_size).value();
  for (const unsigned inside : {0x1000U, 0x1004U, 0x2000U, 0x2004U, 0x2008U, 0x200cU}) {
    EXPECT_TRUE(sites.contains(inside)) << std::hex << inside;
  }
  for (const unsigned outside : {0x0U, 0xffcU, 0x1008U, 0x1ffcU, 0x2010U}) {
    EXPECT_FALSE(sites.contains(outside)) << std::hex << outside;
  }
  EXPECT_FALSE(PatchSites().contains(0));
}

TEST(PatchSitesTest, RefuseEntriesThatAreNotInOrder) {
  const std::array<std::uint64_t, 3> entries{0x1000, 0x2000, 0x2000};
  const auto sites = PatchSites::make(entries, 0, 8);
  ASSERT_FALSE(sites);
  EXPECT_EQ(sites.error().code, PatchSitesFault::unsorted);
  EXPECT_EQ(sites.error().index, 2U);
}

TEST(PatchSitesTest, RefuseSitesThatAreNoInstructions) {
  const std::array<std::uint64_t, 1> entries{0x1002};
  EXPECT_EQ(PatchSites::make(entries, 0, 8).error().code, PatchSitesFault::bad_site);
  const std::array<std::uint64_t, 1> aligned{0x1000};
  EXPECT_EQ(PatchSites::make(aligned, 0, 0).error().code, PatchSitesFault::bad_site);
}

}  // namespace
}  // namespace surefoot::testing
