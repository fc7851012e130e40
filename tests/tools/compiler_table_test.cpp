// SPDX-License-Identifier: MIT
//
// An image's own frame table as another opinion: what its rules mean in a state, and what GNU as says of the fixtures.
#include "rules/compiler_table.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "rules/rules.hpp"
#include "support/elf_builder.hpp"
#include "support/frame_builder.hpp"
#include "support/parameter_name.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::Bytes;
using surefoot::testing::ElfBuilder;

constexpr Value entry_fp{.kind = Value::Kind::entry_fp};
constexpr Value entry_lr{.kind = Value::Kind::entry_lr};
constexpr Value signed_lr{.kind = Value::Kind::entry_lr, .is_signed = true};

// After stp x29, x30, [sp, #-32]!; mov x29, sp; bl
State in_body(Value lr = entry_lr) {
  State state = State::at_entry();
  state.x[sp_number] = Value::cfa(-32);
  state.x[fp_number] = Value::cfa(-32);
  state.x[lr_number] = {};
  state.slots = {{-32, entry_fp}, {-24, lr}};
  return state;
}

// After str x30, [sp, #-16]!; bl
State with_saved_lr() {
  State state = State::at_entry();
  state.x[sp_number] = Value::cfa(-16);
  state.x[lr_number] = {};
  state.slots = {{-16, entry_lr}};
  return state;
}

// After ldp x29, x30, [sp], #32
State in_epilogue(Value lr = entry_lr) {
  State state = in_body(lr);
  state.x[sp_number] = Value::cfa(0);
  state.x[fp_number] = entry_fp;
  state.x[lr_number] = lr;
  return state;
}

constexpr Rule in_registers{.pc = From::link_register, .base = Base::sp};
constexpr Rule by_sp{.pc = From::saved_pair, .base = Base::sp, .offset = 8, .fp_offset = 0, .cfa_offset = 32};
constexpr Rule by_fp{.pc = From::saved_pair, .base = Base::fp, .offset = 8, .fp_offset = 0, .cfa_offset = 32};
constexpr Rule late{.pc = From::saved_pair, .base = Base::sp, .offset = -24, .fp_offset = -32, .cfa_offset = 0};
constexpr Rule lr_only{.pc = From::saved_pc, .base = Base::sp, .offset = 0, .cfa_offset = 16};

TEST(CompareRule, IsAsWithCfi) {
  struct Case {
    const char* text;
    State state;
    Rule rule;
    Comparison expected;
  } const cases[] = {
      {"no rule", State::at_entry(), {}, Comparison::derived_only},
      {"entry", State::at_entry(), in_registers, Comparison::agree},
      {"entry, other CFA", in_body(), in_registers, Comparison::differ},
      {"body by sp", in_body(), by_sp, Comparison::agree},
      {"body by fp", in_body(), by_fp, Comparison::agree},
      {"signed entry", in_epilogue(signed_lr), in_registers, Comparison::agree},
      {"signed body", in_body(signed_lr), by_sp, Comparison::agree},
      {"places changed",
       in_body(),
       {.pc = From::saved_pair, .base = Base::sp, .offset = 0, .fp_offset = 8, .cfa_offset = 32},
       Comparison::differ},
      {"return address alone", with_saved_lr(), lr_only, Comparison::agree},
      {"return address alone, of a pair",
       in_body(),
       {.pc = From::saved_pc, .base = Base::sp, .offset = 8, .cfa_offset = 32},
       Comparison::differ},
      {"below sp", in_epilogue(), late, Comparison::cfi_below_sp},  // X10
      {"signed, below sp", in_epilogue(signed_lr), late, Comparison::cfi_below_sp},
      {"outermost", State::at_entry(), {.pc = From::final_record}, Comparison::cfi_only},
      {"not of a table", State::at_entry(), {.pc = From::x9, .base = Base::sp}, Comparison::differ},
  };
  for (const Case& c : cases) {
    EXPECT_STREQ(to_string(compare(&c.state, c.rule)), to_string(c.expected)) << c.text;
  }
  EXPECT_EQ(compare(nullptr, Rule{}), Comparison::neither);
  EXPECT_EQ(compare(nullptr, by_sp), Comparison::cfi_only);
}

ElfBuilder image_with(const Bytes& sframe) {
  ElfBuilder builder;
  builder.code(".text", 0x1000, 4).symbol({.name = "main", .address = 0x1000, .size = 16});
  builder.section({.name = ".sframe", .flags = SHF_ALLOC, .address = 0x2000, .bytes = sframe});
  return builder;
}

TEST(FindFrameTable, SaysWhatIsWrongWithASection) {
  struct Case {
    Bytes bytes;
    std::string error;
  } const cases[] = {
      {surefoot::testing::cfi({0xe2, 0xde}), ".sframe: truncated"},
      {surefoot::testing::words({0xdee2, 0}), ".sframe: unknown_version"},
      {surefoot::testing::words({0x02'dee2, 0, 0, 0, 0, 0, 0}), ".sframe: version_2"},
      {surefoot::testing::words({0x03'dee2, 0x2, 1, 0, 0, 0, 0}), ".sframe: truncated"},
  };
  for (const Case& c : cases) {
    const Bytes file = image_with(c.bytes).build();
    const auto table = find_frame_table(Image::from_memory(file).value());
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error(), c.error);
  }
}

TEST(FindFrameTable, FindsNoneWhereThereIsNone) {
  const Bytes file =
      ElfBuilder().code(".text", 0x1000, 4).symbol({.name = "main", .address = 0x1000, .size = 16}).build();
  const auto table = find_frame_table(Image::from_memory(file).value());
  ASSERT_TRUE(table) << table.error();
  EXPECT_FALSE(table->has_value());
}

class OwnFrameTable : public ::testing::TestWithParam<const char*> {};

// What GNU as wrote against what is derived from the instructions that it assembled.
TEST_P(OwnFrameTable, AgreesButForSlotsBelowSp) {  // X10
  const std::string name = GetParam();
  const auto image = Image::open(SUREFOOT_TEST_FIXTURES "/sframe/" + name + ".elf");
  ASSERT_TRUE(image) << image.error();
  const auto table = find_frame_table(*image);
  ASSERT_TRUE(table && table->has_value());
  std::map<Comparison, std::size_t> counts;
  const RuleDerivation derivation(*image);
  for (const Group& group : derivation.groups()) {
    for (const FunctionRules& derived : derivation.derive(group)) {
      for (std::size_t i = 0; i < derived.found.states.size(); ++i) {
        const std::uint64_t pc = derived.address_of(i);
        const State* const state = derived.found.states[i];
        const Comparison result = compare(state, (*table)->find(pc));
        EXPECT_NE(result, Comparison::differ) << std::hex << "0x" << pc;
        ++counts[result];
      }
    }
  }
  EXPECT_GT(counts[Comparison::agree], 100U);
  EXPECT_EQ(counts[Comparison::cfi_only] + counts[Comparison::neither], 0U);
  // GNU as left out what it could not express of this one.
  EXPECT_EQ(counts[Comparison::derived_only] != 0, name == "clang-O2-nofp");
  EXPECT_EQ(counts[Comparison::cfi_below_sp] != 0, name == "clang-O2-pac");
}

INSTANTIATE_TEST_SUITE_P(All, OwnFrameTable,
                         ::testing::Values("clang-O2-nofp", "clang-O2-pac", "gcc-O0", "gcc-O2", "gcc-Os-pac"),
                         surefoot::testing::parameter_name);

}  // namespace
}  // namespace surefoot::tools
