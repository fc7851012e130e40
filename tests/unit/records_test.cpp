// SPDX-License-Identifier: MIT
//
// What an ExceptionFrame says of itself, and sets of evidence.
#include "surefoot/records.hpp"

#include <gtest/gtest.h>

#include "surefoot/evidence.hpp"

namespace surefoot {
namespace {

// X3: who was interrupted, by PSTATE.M [arm-arm C5.2.19].
TEST(ExceptionFrame, TellsEl0FromTheKernel) {
  struct Case {
    const char* mode;
    std::uint64_t pstate;
    bool is_from_el0;
  } const cases[] = {
      {"EL0t", 0x0, true},          {"EL0t, flags set", 0xf000'0000, true},
      {"EL1t", 0x4, false},         {"EL1h", 0x5, false},
      {"EL2h", 0x9, false},         {"EL1h, all masked, single step", 0x20'03c5, false},
      {"AArch32 user", 0x10, true}, {"AArch32 user, flags set", 0x6000'0010, true},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.mode);
    ExceptionFrame frame{};
    frame.pstate = c.pstate;
    EXPECT_EQ(frame.is_from_el0(), c.is_from_el0);
  }
}

TEST(Evidence, IsEmptyUntilSomethingIsNoticed) {
  EXPECT_TRUE(Evidence().is_empty());
  EXPECT_FALSE(Evidence(EvidenceBit::not_text).is_empty());
}

TEST(Evidence, HasASetIfItHasAnyOfIt) {
  const Evidence evidence = EvidenceBit::not_text | EvidenceBit::changed_stack;
  EXPECT_TRUE(evidence.has(EvidenceBit::not_text));
  EXPECT_TRUE(evidence.has(EvidenceBit::changed_stack | EvidenceBit::crossed_exception));
  EXPECT_FALSE(evidence.has(EvidenceBit::crossed_exception));
  EXPECT_FALSE(evidence.has(Evidence()));
}

TEST(Evidence, GathersBits) {
  Evidence evidence;
  evidence |= EvidenceBit::not_text;
  evidence |= EvidenceBit::changed_stack;
  evidence |= EvidenceBit::not_text;
  EXPECT_EQ(evidence, EvidenceBit::not_text | EvidenceBit::changed_stack);
  EXPECT_EQ(Evidence::from_bits(evidence.bits()), evidence);
}

}  // namespace
}  // namespace surefoot
