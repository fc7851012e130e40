// SPDX-License-Identifier: MIT
//
// The special-range table of the linked kernel, against the instructions that are really there.
#include "surefoot/special_ranges.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "image.hpp"
#include "special_table.hpp"

namespace surefoot::testing {
namespace {

const SpecialTable& table() {
  static const SpecialTable table = special_table();
  return table;
}

// Every instruction of the symbol is in the table, as the one kind.
void expect_covered(const std::string& name, SpecialKind kind) {
  SCOPED_TRACE(name);
  const ImageSymbol& symbol = Image::under_test().symbol(name);
  ASSERT_GT(symbol.size, 0U);
  for (std::uint64_t pc = symbol.address; pc < symbol.address + symbol.size; pc += instruction_size) {
    EXPECT_STREQ(to_string(table().ranges().find(pc).kind), to_string(kind)) << "at +" << pc - symbol.address;
  }
}

// C9: what the linker made is what a kernel may use.
TEST(SpecialRangesOfTheImage, AreSortedAndValidAsLinked) {
  EXPECT_TRUE(table().ranges().is_valid());
  EXPECT_GT(table().ranges().size(), 0U);
}

TEST(SpecialRangesOfTheImage, CallTheTracerJustBeforeTheInstructionAfterFtraceCall) {
  const std::uint64_t ftrace_call = Image::under_test().symbol("ftrace_call").address;
  const auto call = Image::under_test().decode(ftrace_call);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->mnemonic, "bl") << call->operands;
  const CodeAddress return_address(ftrace_call + instruction_size, CodeAddress::Kind::return_address);
  EXPECT_EQ(table().ranges().find(return_address.lookup()).kind, SpecialKind::ftrace_call);
  EXPECT_EQ(table().ranges().find(return_address.value()).kind, SpecialKind::ftrace_call);
}

TEST(SpecialRangesOfTheImage, StartTheFtraceCallRangeAtItsInstruction) {
  const std::uint64_t ftrace_call = Image::under_test().symbol("ftrace_call").address;
  const SpecialRange range = table().ranges().find(ftrace_call);
  EXPECT_EQ(range.range.start(), ftrace_call);
  EXPECT_EQ(range.range.end(), ftrace_call + 2 * instruction_size);
}

TEST(SpecialRangesOfTheImage, StartTheReturnHookRangeAtTheAddressThatReplacesReturnAddresses) {
  const std::uint64_t hook = Image::under_test().symbol("return_to_handler").address;
  EXPECT_TRUE(table().ranges().find(hook).is_return_hook_at(hook));
}

TEST(SpecialRangesOfTheImage, CoverEveryInstructionOfTheTrampolines) {
  const Image& image = Image::under_test();
  for (const char* name : {"ftrace_regs_caller", "ftrace_caller", "ftrace_stub"}) {
    expect_covered(name, SpecialKind::ftrace_trampoline);
  }
  expect_covered("ftrace_graph_caller", SpecialKind::ftrace_graph_caller);
  expect_covered("return_to_handler", SpecialKind::return_to_handler);
  // ftrace_common holds the call among instructions of the trampoline kind.
  const ImageSymbol& common = image.symbol("ftrace_common");
  for (std::uint64_t pc = common.address; pc < common.address + common.size; pc += instruction_size) {
    EXPECT_TRUE(table().ranges().find(pc).is_special()) << "ftrace_common+" << pc - common.address;
  }
}

// demo::calls_firmware(), declared by the macros of special_function.hpp.
TEST(SpecialRangesOfTheImage, CoverEveryInstructionOfASpecialFunctionInCpp) {
  expect_covered("_ZN4demo14calls_firmwareEv", SpecialKind::other);
  const ImageSymbol& symbol = Image::under_test().symbol("_ZN4demo14calls_firmwareEv");
  const SpecialRange range = table().ranges().find(symbol.address);
  EXPECT_EQ(range.range.start(), symbol.address);
  EXPECT_EQ(range.range.end(), symbol.address + symbol.size);
}

TEST(SpecialRangesOfTheImage, CoverEveryInstructionOfTheExceptionVectors) {
  expect_covered("exception_vectors", SpecialKind::exception_entry);
  for (const char* kind : {"sync", "irq", "fiq", "error"}) {
    for (const char* from : {"el1t_64_", "el1h_64_"}) {
      expect_covered(std::string(from) + kind, SpecialKind::exception_entry);
    }
  }
  for (const char* name : {"exception_stack_overflow", "ret_to_kernel", "ret_to_user"}) {
    expect_covered(name, SpecialKind::exception_entry);
  }
}

// X3: from EL0 only what comes before the frame is complete is special. A handler that was called from there returns to
// where nothing is missing between it and the task's final record.
TEST(SpecialRangesOfTheImage, CoverTheEntryFromEl0UpToItsFirstCall) {
  const Image& image = Image::under_test();
  for (const char* name : {"el0_64_sync", "el0_64_irq", "el0_64_fiq", "el0_64_error"}) {
    SCOPED_TRACE(name);
    const ImageSymbol& symbol = image.symbol(name);
    const SpecialRange range = table().ranges().find(symbol.address);
    EXPECT_EQ(range.kind, SpecialKind::exception_entry);
    EXPECT_EQ(range.range.start(), symbol.address);
    bool is_call_seen = false;
    for (std::uint64_t pc = symbol.address; pc < symbol.address + symbol.size; pc += instruction_size) {
      const auto instruction = image.decode(pc);
      is_call_seen |= instruction && instruction->mnemonic == "bl";
      if (is_call_seen) EXPECT_FALSE(table().ranges().find(pc).is_special()) << "+" << pc - symbol.address;
    }
    EXPECT_TRUE(is_call_seen);
  }
}

// A range that starts or ends in the middle of nowhere is a label that moved: both bounds carry a symbol, or are the
// start of the range that follows.
TEST(SpecialRangesOfTheImage, StartAndEndOnNamedInstructions) {
  std::vector<std::uint64_t> named;
  for (const auto& [name, symbol] : Image::under_test().symbols()) {
    named.push_back(symbol.address);
    named.push_back(symbol.address + symbol.size);
  }
  for (std::size_t i = 0; i < table().ranges().size(); ++i) {
    const SpecialRange range = table().ranges()[i];
    SCOPED_TRACE(::testing::Message() << "entry " << i << " " << to_string(range.kind) << std::hex << " "
                                      << range.range.start() << ".." << range.range.end());
    const bool follows = i > 0 && table().ranges()[i - 1].range.end() == range.range.start();
    const bool is_followed =
        i + 1 < table().ranges().size() && table().ranges()[i + 1].range.start() == range.range.end();
    EXPECT_TRUE(follows || std::ranges::find(named, range.range.start()) != named.end());
    // The entry from EL0 ends in the middle of its path; see the test before.
    const bool ends_at_call = range.kind == SpecialKind::exception_entry;
    EXPECT_TRUE(is_followed || ends_at_call || std::ranges::find(named, range.range.end()) != named.end());
    for (std::uint64_t pc = range.range.start(); pc < range.range.end(); pc += instruction_size) {
      // Between the vectors, assemblers fill up with zeros.
      const auto word = Image::under_test().bytes(pc, pc + instruction_size);
      const bool is_padding = std::ranges::all_of(word, [](std::uint8_t byte) { return byte == 0; });
      EXPECT_TRUE(is_padding || Image::under_test().decode(pc)) << "no instruction at " << std::hex << pc;
    }
  }
}

}  // namespace
}  // namespace surefoot::testing
