// SPDX-License-Identifier: MIT
#include "flow/constants.hpp"

#include <gtest/gtest.h>

namespace surefoot::tools {
namespace {

constexpr std::uint64_t at = 0x40201000;

struct Step {
  const char* text;
  std::uint32_t word;
};

// Executes the words one after the other from `at` on.
Constants after(std::initializer_list<Step> steps) {
  Constants constants;
  std::uint64_t pc = at;
  for (const Step& step : steps) {
    constants.step(pc, step.word);
    pc += 4;
  }
  return constants;
}

constexpr Step adr_forward{"adr x30, #8", 0x1000005e};
constexpr Step adr_back{"adr x30, #-8", 0x10ffffde};
constexpr Step adrp_back{"adrp x9, #-0x1000", 0xf0ffffe9};
constexpr Step add{"add x9, x9, #0x10", 0x91004129};
constexpr Step add_shifted{"add x9, x9, #1, lsl #12", 0x91400529};
constexpr Step move{"mov x30, x9", 0xaa0903fe};
constexpr Step movz{"mov x9, #0x20000", 0xd2a00049};
constexpr Step call{"bl #4", 0x94000001};
constexpr Step load{"ldr x30, [sp]", 0xf94003fe};
constexpr Step push{"stp x29, x30, [sp, #-16]!", 0xa9bf7bfd};
constexpr Step read_system_register{"mrs x9, currentel", 0xd5384249};

TEST(Constants, KnowAddressesMadeInOneStep) {
  EXPECT_EQ(after({adr_forward})[30]->value, at + 8);
  EXPECT_EQ(after({adr_back})[30]->value, at - 8);
  EXPECT_EQ(after({movz})[9]->value, 0x20000u);
}

TEST(Constants, KnowAddressesMadeInSeveralSteps) {
  const Constants constants = after({adrp_back, add, add_shifted, move});
  EXPECT_EQ(constants[9]->value, 0x40200000u + 0x10 + 0x1000);
  EXPECT_EQ(constants[30]->value, constants[9]->value);
  EXPECT_EQ(constants[30]->made_at, at + 12);
}

TEST(Constants, ForgetWhatIsOverwritten) {
  EXPECT_FALSE(after({adr_forward, load})[30]);
  EXPECT_FALSE(after({adr_forward, call})[30]);
  EXPECT_FALSE(after({movz, call})[9]);
  EXPECT_FALSE(after({movz, read_system_register})[9]);
  EXPECT_FALSE(after({add})[9]);
}

TEST(Constants, KeepWhatIsStored) { EXPECT_EQ(after({adr_forward, push})[30]->value, at + 8); }

}  // namespace
}  // namespace surefoot::tools
