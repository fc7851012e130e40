// SPDX-License-Identifier: MIT
//
// A walk at every instruction of entry-ftrace.S: the image's own special-range table, made-up registers and stacks as
// each row says, and the trace that must come out. What scripts/sweep proves on a kernel, in milliseconds.
#include <gtest/gtest.h>

#include <string>

#include "special_table.hpp"
#include "trampoline_expected.hpp"

namespace surefoot::testing {
namespace {

// As a row has it: without the target of a branch, which is where the linker put it, and by the old name of BTI.
std::string as_in_a_row(const Instruction& instruction) {
  if (instruction.mnemonic == "hint" || instruction.mnemonic == "bti") return "hint";
  const bool is_bare = instruction.operands.empty() || instruction.operands.starts_with('#');
  return is_bare ? instruction.mnemonic : instruction.mnemonic + ' ' + instruction.operands;
}

// A row may leave out trailing operands.
bool is_described_by(const std::string& instruction, const std::string& row) {
  return instruction == row || instruction.starts_with(row + ',');
}

// The rows are the code: as many, in the same order, and with nothing between them or behind.
TEST(TrampolineRows, NameEveryInstructionOfTheTrampolines) {
  const Image& image = Image::under_test();
  std::uint64_t next = image.symbol("ftrace_regs_caller").address;
  for (const RowsOfSymbol& of_symbol : trampoline_rows()) {
    SCOPED_TRACE(of_symbol.symbol);
    EXPECT_EQ(image.symbol(of_symbol.symbol).address, next);
    for (const Row& row : of_symbol.rows) {
      const auto instruction = image.decode(next);
      ASSERT_TRUE(instruction);
      EXPECT_TRUE(is_described_by(as_in_a_row(*instruction), row.instruction))
          << std::hex << next << ": the code has \"" << as_in_a_row(*instruction) << "\", the row \"" << row.instruction
          << '"';
      next += instruction_size;
    }
  }
  EXPECT_EQ(next, image.symbol("ftrace_stub").address + image.symbol("ftrace_stub").size);
}

// What is no part of a state must mislead a walk that reads it.
TEST(TrampolineScene, BrandsRegistersWithOrdinaryCode) {
  const SpecialTable table = table_with_probe();
  for (unsigned number = 0; number < 31; ++number) {
    const std::uint64_t brand = TrampolineScene::brand(number);
    EXPECT_TRUE(Program::under_test().text.contains(brand, instruction_size));
    EXPECT_FALSE(table.ranges().find(brand).is_special());
  }
}

// In exact E4 E6 E8 E10 E11 R1 R2 R4 R5 are all right, called functions (E7 F1 F4 G10) and boundaries (X1 X4 G12)
// included, whatever was hooked before (G1 G7 G8 K4) and where both words were redirected (F2). E5, E9 and R3 have no
// instruction, see State. In strict the trace is the same, and its verdict is not.
TEST(TrampolineWalk, IsRightAtEveryInstruction) {
  const SpecialTable table = table_with_probe();
  for (const Case& the_case : all_cases()) {
    TrampolineScene scene(the_case);
    const std::vector<Frame> expected = expected_frames(the_case);
    for (const Policy policy : {Policy::exact, Policy::strict}) {
      SCOPED_TRACE(to_text(the_case) + ", " + to_string(policy));
      const Found found = scene.walk_it(table.ranges(), policy);
      if (!are_same(found.frames, expected)) EXPECT_EQ(to_text(found.frames), to_text(expected));
      EXPECT_EQ(found.verdict.stop, StopReason::final_record) << to_string(found.verdict.stop);
      EXPECT_EQ(found.verdict.is_reliable(), policy == Policy::exact && is_expected_reliable(the_case));
      EXPECT_EQ(found.wild_reads, 0U);
    }
    if (HasFailure()) break;  // one case says enough
  }
}

// A hook that the table does not know may be found in the return stack or not, but no trace that misses it is reliable.
TEST(TrampolineWalk, IsNeverReliablyWrongWithAHookThatIsNotDeclared) {  // K2 K4
  const SpecialTable table = special_table();
  for (const Case& the_case : all_cases()) {
    const Found found = TrampolineScene(the_case).walk_it(table.ranges(), Policy::exact);
    if (!found.verdict.is_reliable()) continue;
    SCOPED_TRACE(to_text(the_case));
    ASSERT_TRUE(is_expected_reliable(the_case));
    ASSERT_EQ(to_text(found.frames), to_text(expected_frames(the_case)));
  }
}

// F2: the frames are those of the records, and the doubt begins at the function that may not be the one that runs.
TEST(TrampolineWalk, NamesTheFunctionWhoseSavedPcAloneWasChanged) {
  const SpecialTable table = table_with_probe();
  std::size_t count = 0;
  for (const Case& the_case : all_cases()) {
    if (is_expected_reliable(the_case)) continue;
    SCOPED_TRACE(to_text(the_case));
    const Found found = TrampolineScene(the_case).walk_it(table.ranges(), Policy::exact);
    ASSERT_LT(found.verdict.first_doubtful, found.frames.size());
    EXPECT_EQ(found.frames[found.verdict.first_doubtful].pc, Program::under_test().f);
    EXPECT_TRUE(found.verdict.evidence.has(EvidenceBit::saved_pc_differs));
    ++count;
  }
  EXPECT_GT(count, 0U);
}

// A history that is built for no row would prove nothing.
TEST(TrampolineWalk, IsTriedWithEveryHistory) {
  unsigned passed = 0;
  unsigned redirect = 0;
  unsigned seen = 0;
  unsigned entry = 0;
  unsigned hooked = 0;
  for (const Case& the_case : all_cases()) {
    passed |= 1U << static_cast<unsigned>(the_case.history.passed);
    redirect |= 1U << static_cast<unsigned>(the_case.history.redirect);
    seen |= 1U << static_cast<unsigned>(the_case.seen);
    entry |= 1U << static_cast<unsigned>(the_case.entry);
    const unsigned bits = (the_case.history.is_probed ? 1 : 0) + (the_case.history.is_graph_hooked ? 2 : 0) +
                          (the_case.history.is_p_hooked ? 4 : 0) + (the_case.is_hook_written ? 8 : 0);
    hooked |= 1U << bits;
  }
  EXPECT_EQ(passed, 0xfU);
  EXPECT_EQ(redirect, 0xfU);
  EXPECT_EQ(seen, 0xfU);
  EXPECT_EQ(entry, 0x7U);
  EXPECT_EQ(hooked, 0xffeeU);  // all written, and not written wherever something is hooked
}

}  // namespace
}  // namespace surefoot::testing
