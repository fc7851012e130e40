// SPDX-License-Identifier: MIT
//
// The report of a panic, line by line. Hazard S4 asks that a panic ends and prints whole lines, whatever is known.
#include <algorithm>
#include <array>
#include <string>

#include "surefoot/print.hpp"
#include "world.hpp"

namespace surefoot::testing {
namespace {

using PanicReport = PanicWorld;

TEST_F(PanicReport, IsWhatTheDocumentSays) {
  EXPECT_EQ(printed(), R"(---[ surefoot: panic: bad news ]---
CPU: 2  Task: worker-3 (17)
Exception: data abort: write to 0x0000000000000010, translation fault at level 0 (esr 0x96000044)
pc : 0x0000000040080214 net::send+0x14/0x80
lr : 0x0000000040080134 net::poll+0x34/0x90
sp : 0x0000000040400800  stack worker-3 0x0000000040400000-0x0000000040401000
pstate: 0x60400005 (nZCv daif PAN EL1h)
x29: 0000000040400800 x28: 111100000000001c x27: 111100000000001b
x26: 111100000000001a x25: 1111000000000019 x24: 1111000000000018
x23: 1111000000000017 x22: 1111000000000016 x21: 1111000000000015
x20: 1111000000000014 x19: 1111000000000013 x18: 1111000000000012
x17: 1111000000000011 x16: 1111000000000010 x15: 111100000000000f
x14: 111100000000000e x13: 111100000000000d x12: 111100000000000c
x11: 111100000000000b x10: 111100000000000a x9 : 1111000000000009
x8 : 1111000000000008 x7 : 1111000000000007 x6 : 1111000000000006
x5 : 1111000000000005 x4 : 1111000000000004 x3 : 1111000000000003
x2 : 1111000000000002 x1 : 1111000000000001 x0 : 1111000000000000
Call trace: policy=exact verdict=unreliable stop=final_record )"
                       R"(evidence=crossed_exception,unknown_interrupted_code frames=3
  #0  0x0000000040080214  ? net::send+0x14/0x80  start  [crossed_exception,unknown_interrupted_code]
  #1  0x0000000040080134  ? net::poll+0x34/0x90  frame_record
  #2  0x0000000040080010  ? task_entry+0x10/0x40  frame_record
  stop  0x0000000040400fe0  final_record
Verdict: not to be trusted from #0 on: no rule says how the interrupted code is left, so its caller may be missing
Code: d503201f d503233f d503201f d503233f d503201f d503233f d503201f d503233f)"
                       R"( (d503201f) d503233f d503201f d503233f d503201f
Stack:
  0x00000000404007e0: 0000000000000000 0000000000000000 0000000000000000 0000000000000000
  0x0000000040400800: 0000000040400840 0000000040080134 0000000000000000 0000000000000000
  0x0000000040400820: 0000000000000000 0000000000000000 0000000000000000 0000000000000000
  0x0000000040400840: 0000000040400fe0 0000000040080010 0000000000000000 0000000000000000
  0x0000000040400860: 0000000000000000 0000000000000000 0000000000000000 0000000000000000
  0x0000000040400880: 0000000000000000 0000000000000000 0000000000000000 0000000000000000
  0x00000000404008a0: 0000000000000000 0000000000000000 0000000000000000 0000000000000000
  0x00000000404008c0: 0000000000000000 0000000000000000 0000000000000000 0000000000000000
  0x00000000404008e0: 0000000000000000 0000000000000000 0000000000000000 0000000000000000
  0x0000000040400900: 0000000000000000 0000000000000000 0000000000000000 0000000000000000
---[ surefoot: end of panic, cpu 2 ]---
)");
  EXPECT_EQ(refused, 0U) << "nothing was read that is not there";
}

TEST_F(PanicReport, LeavesOutWhatIsNotKnown) {
  report = {};
  EXPECT_EQ(printed(), "---[ surefoot: panic ]---\n---[ surefoot: end of panic, cpu unknown ]---\n");
  report.reason = "only this\nand no more";
  EXPECT_EQ(printed(),
            "---[ surefoot: panic: only this\\x0aand no more ]---\n---[ surefoot: end of panic, cpu unknown ]---\n");
}

TEST_F(PanicReport, BeginsAtACallWithoutAnException) {
  const Start start = Start::at_call({.fp = record_at, .sp = record_at - 0x20, .pc = text_start + 0x280});
  report.exception_frame_at = 0;
  report.syndrome = nullptr;
  report.start = &start;
  (void)printed();
  // The last instruction of net::send is the call: the name is that of the caller.
  EXPECT_EQ(lines("pc "), "pc : 0x0000000040080280 net::send+0x80/0x80\n");
  EXPECT_EQ(lines("lr ") + lines("pstate") + lines("Exception"), "");
  EXPECT_EQ(lines("x"), "x29: 0000000040400800\n");
  EXPECT_EQ(lines("Verdict"), "Verdict: reliable: every function that will be returned to is in the trace, in order\n");
  EXPECT_EQ(lines("  stop"), "");
}

TEST_F(PanicReport, WorksWithAKernelOfWhichNothingIsKnown) {
  const Kernel nothing;
  for (const Kernel* of : {&nothing, static_cast<const Kernel*>(nullptr)}) {
    report.kernel = of;
    report.symbols = Symbols();
    (void)printed();
    EXPECT_EQ(lines("Code"), "") << "no word is known to be code";
    EXPECT_EQ(lines("pc "), "pc : 0x0000000040080214\n");
    EXPECT_NE(lines("Verdict").find("; an address is not in the kernel's code"), std::string::npos) << text;
    EXPECT_NE(lines("  #1").find("0x0000000040080134  ? -  frame_record"), std::string::npos) << text;
    EXPECT_EQ(refused, 0U);
  }
}

TEST_F(PanicReport, ShowsASmashedStackAsFarAsItGoes) {
  words[record_at] = 0x4141'4141'4141'4141;
  words[record_at + 8] = 0x4141'4141'4141'4141;
  (void)printed();
  EXPECT_EQ(lines("  stop"), "  stop  0x4141414141414141  misaligned_record\n");
  EXPECT_NE(lines("Verdict").find("from #0 on: a frame pointer is not a multiple of 8"), std::string::npos) << text;
  EXPECT_NE(text.find(": 4141414141414141 4141414141414141 "), std::string::npos);
  EXPECT_EQ(refused, 0U);
}

TEST_F(PanicReport, SaysByHowMuchAStackHasOverflowed) {
  set(SUREFOOT_EXCEPTION_FRAME_OFFSET_SP, stack_start - 0x10);
  (void)printed();
  EXPECT_EQ(lines("sp "), "sp : 0x00000000403ffff0  0x10 below stack worker-3 0x0000000040400000-0x0000000040401000\n");
  EXPECT_NE(text.find("Stack:\n  0x0000000040400000: "), std::string::npos) << "what was pushed last";
  set(SUREFOOT_EXCEPTION_FRAME_OFFSET_SP, 0x1234);
  (void)printed();
  EXPECT_EQ(lines("sp "), "sp : 0x0000000000001234  in no stack of the task\n");
  EXPECT_EQ(lines("Stack:"), "");
  set(SUREFOOT_EXCEPTION_FRAME_OFFSET_SP, stack_end);
  (void)printed();
  EXPECT_EQ(lines("sp "), "sp : 0x0000000040401000  stack worker-3 0x0000000040400000-0x0000000040401000\n");
  EXPECT_EQ(lines("Stack:"), "");
  EXPECT_EQ(refused, 0U);
}

TEST_F(PanicReport, ReadsNoFartherThanTheStackAndTheCode) {
  set(SUREFOOT_EXCEPTION_FRAME_OFFSET_SP, stack_end - 0x18);
  set(SUREFOOT_EXCEPTION_FRAME_OFFSET_PC, text_start + 0x1000 - 4);
  (void)printed();
  EXPECT_NE(text.find("Stack:\n  0x0000000040400fc8: "), std::string::npos) << text;
  EXPECT_EQ(lines("  0x0000000040400fe8"),
            "  0x0000000040400fe8: 0000000000000000 0000000000000001 0000000000000000\n");
  EXPECT_NE(lines("Code").find(" (d503201f) ???????? ???????? ???????? ????????\n"), std::string::npos) << text;
  EXPECT_EQ(refused, 0U) << "what is not to be read was not even asked for";

  set(SUREFOOT_EXCEPTION_FRAME_OFFSET_SP, stack_start + 8);
  set(SUREFOOT_EXCEPTION_FRAME_OFFSET_PC, text_start);
  (void)printed();
  EXPECT_NE(text.find("Stack:\n  0x0000000040400008: "), std::string::npos) << "a whole line below does not fit";
  EXPECT_NE(lines("Code").find("Code: ???????? ????????"), std::string::npos) << text;
  EXPECT_EQ(refused, 0U);
}

TEST_F(PanicReport, MarksWordsThatCannotBeRead) {
  words.erase(record_at + 0x10);
  words.erase(text_start + 0x218);
  (void)printed();
  EXPECT_NE(text.find(": 0000000040400840 0000000040080134 ???????????????? 0000000000000000\n"), std::string::npos);
  EXPECT_NE(lines("Code").find("(d503201f) ???????? ???????? d503233f"), std::string::npos) << text;
}

TEST_F(PanicReport, TakesAFrameThatCannotBeReadForNone) {
  words.erase(frame_at + SUREFOOT_EXCEPTION_FRAME_OFFSET_FAR);
  EXPECT_EQ(printed(), R"(---[ surefoot: panic: bad news ]---
CPU: 2  Task: worker-3 (17)
Exception: data abort: write to 0x0000000000000010, translation fault at level 0 (esr 0x96000044)
---[ surefoot: end of panic, cpu 2 ]---
)");
  for (const std::uint64_t at : {std::uint64_t{1}, ~std::uint64_t{7}, frame_at + 4}) {
    report.exception_frame_at = at;
    (void)printed();
    EXPECT_EQ(lines("pc ") + lines("Call trace"), "");
  }
}

TEST_F(PanicReport, PrintsRegistersOfAnotherLayoutOnlyIfTheyAreWhereItSays) {
  report.general_registers = 8;
  (void)printed();
  EXPECT_EQ(lines("x"), "x29: 0000000040400800\n") << "x9 would be at another place than the layout says";
  report.general_registers = ExceptionLayout::absent;
  (void)printed();
  EXPECT_EQ(lines("x"), "x29: 0000000040400800\n");
}

TEST_F(PanicReport, KnowsNoSpOfAFrameAtTheEndOfAnotherStack) {
  ExceptionLayout layout;
  layout.sp = ExceptionLayout::absent;
  layout.lr = ExceptionLayout::absent;
  layout.pstate = ExceptionLayout::absent;
  kernel = Kernel::make({.code = &code, .exception = layout}).value();
  (void)printed();
  EXPECT_EQ(lines("sp ") + lines("lr ") + lines("pstate") + lines("Stack"), "");
  for (std::uint64_t at = frame_at; at < irq_end; at += 8) words[at - 0x100] = words[at];
  report.exception_frame_at = frame_at - 0x100;
  (void)printed();
  EXPECT_EQ(lines("sp "), "sp : 0x0000000040500f00  stack irq 0x0000000040500000-0x0000000040501000\n");
}

TEST_F(PanicReport, StripsSignaturesForNamesAndShowsThemAsTheyAre) {
  kernel = Kernel::make({.code = &code, .pac = PointerAuthMask::for_address_bits(39)}).value();
  set(SUREFOOT_EXCEPTION_FRAME_OFFSET_LR, 0x5a00'0000'0000'0000 + text_start + 0x134);
  (void)printed();
  EXPECT_EQ(lines("lr "), "lr : 0x5a00000040080134 net::poll+0x34/0x90\n");
}

TEST_F(PanicReport, FoldsARecursionOfAnyLength) {
  // 100 records of one function, each 0x18 above the other.
  std::uint64_t at = stack_start + 0x100;
  set(SUREFOOT_EXCEPTION_FRAME_OFFSET_FP, at);
  set(SUREFOOT_EXCEPTION_FRAME_OFFSET_SP, at);
  for (int i = 0; i < 100; ++i, at += 0x18) {
    words[at] = i == 99 ? final_at : at + 0x18;
    words[at + 8] = text_start + (i < 90 ? 0x134 : i % 2 == 0 ? 0x110 : 0x120);
  }
  (void)printed();
  EXPECT_EQ(lines("  ..."), "  ...  #2 to #90 repeat #1\n  ...  #93 to #100 repeat #91 to #92\n");
  EXPECT_EQ(std::count(text.begin(), text.end(), '#'), 4 + 3 + 4 + 1) << text;
  EXPECT_NE(text.find("\n  #92   0x"), std::string::npos) << "as wide as the last index";
}

TEST_F(PanicReport, FoldsAsPrintTraceDoes) {
  // Whatever the period, and wherever the recursion begins.
  for (std::uint64_t period = 1; period <= 9; ++period) {
    for (std::uint64_t before = 0; before < 12; ++before) {
      SCOPED_TRACE(::testing::Message() << "period " << period << " after " << before);
      std::uint64_t at = stack_start + 0x100;
      set(SUREFOOT_EXCEPTION_FRAME_OFFSET_FP, at);
      for (std::uint64_t i = 0; i < 61; ++i, at += 0x10) {
        words[at] = i == 60 ? final_at : at + 0x10;
        words[at + 8] = text_start + 4 * (i < before ? 0x80 + i : 0x40 + (i - before) % period);
      }
      (void)printed();
      std::array<Frame, 100> frames;
      const Trace trace = walk(Start::exception_at(frame_at), kernel, task, frames, Policy::exact);
      std::string expected;
      print_trace(trace, {.symbols = report.symbols},
                  [&](std::span<const char> piece) noexcept { expected.append(piece.data(), piece.size()); });
      const std::size_t from = text.find("\n  #0") + 1;
      EXPECT_EQ(text.substr(from, text.find("Verdict:") - from), expected);
    }
  }
}

TEST_F(PanicReport, ShowsTheReturnStacks) {
  std::array<ReturnEntry, 20> entries;
  ReturnStack stack(entries);
  const ReturnStack* const stacks[] = {&stack};
  task.return_stacks = stacks;
  (void)printed();
  EXPECT_EQ(lines("Return stack"), "Return stack: 0 entries, depth 0\n");
  ASSERT_TRUE(stack.push({text_start + 0x134, text_start + 0x200, record_at + 0x40, text_start + 0x800}));
  ASSERT_TRUE(stack.push({text_start + 0x600, text_start + 0x700, record_at, text_start + 0x800}));
  (void)printed();
  EXPECT_EQ(lines("Return stack") + lines("  ["), R"(Return stack: 2 entries, depth 2
  [1] 0x0000000040080700 returns to 0x0000000040080600  key 0x0000000040400800  hook 0x0000000040080800
  [0] net::send returns to 0x0000000040080134 net::poll+0x34/0x90  key 0x0000000040400840  hook 0x0000000040080800
)");
  entries[1].return_address = 0;
  (void)printed();
  EXPECT_EQ(lines("Return stack") + lines("  [1"), "Return stack: 1 entry, depth 2\n  [1] empty\n");
  entries[1].return_address = 4;
  while (stack.push({text_start + 0x134, text_start + 0x200, record_at, text_start + 0x800})) continue;
  (void)printed();
  EXPECT_EQ(lines("Return stack"), "Return stack: 20 entries, depth 20, full 1 time\n");
  const std::string printed_entries = lines("  [");
  EXPECT_EQ(std::count(printed_entries.begin(), printed_entries.end(), '\n'), 16);
  EXPECT_EQ(lines("  ..."), "  ...  4 more\n");
}

TEST_F(PanicReport, PrintsLessInAPanic) {
  report.reason = reinterpret_cast<const char*>(8);  // neither may be read
  report.task_name = reinterpret_cast<const char*>(8);
  const std::string brief = printed_brief();
  EXPECT_EQ(brief.substr(0, brief.find("x26")), R"(---[ surefoot: panic in a panic ]---
CPU: 2  Task: (17)
Exception: data abort: write to 0x0000000000000010, translation fault at level 0 (esr 0x96000044)
pc : 0x0000000040080214
lr : 0x0000000040080134
sp : 0x0000000040400800
pstate: 0x60400005 (nZCv daif PAN EL1h)
x29: 0000000040400800 x28: 111100000000001c x27: 111100000000001b
)");
  EXPECT_NE(brief.find(" x0 : 1111000000000000\n---[ surefoot: end of panic, cpu 2 ]---\n"), std::string::npos);
}

TEST_F(PanicReport, TakesNamesOfModulesFromTheKernel) {
  report.symbols = Symbols();
  std::vector<std::uint32_t> other = symbol_table(0x4000'0000, {{text_start + 0x200, 0x80, "module_function"}});
  Symbols symbols = Symbols::make(other, 0x4000'0000).value();
  report.symbols_object = &symbols;
  report.symbols_of = [](void* object, std::uint64_t pc) noexcept {
    return pc == text_start + 0x214 ? *static_cast<Symbols*>(object) : Symbols();
  };
  (void)printed();
  EXPECT_EQ(lines("pc "), "pc : 0x0000000040080214 module_function+0x14/0x80\n");
  EXPECT_NE(lines("  #0").find("? module_function+0x14/0x80"), std::string::npos) << text;
  EXPECT_EQ(lines("lr "), "lr : 0x0000000040080134\n");
}

}  // namespace
}  // namespace surefoot::testing
