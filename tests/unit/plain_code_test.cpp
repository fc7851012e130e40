// SPDX-License-Identifier: MIT
//
// The comparison by which the walk knows a plain record.
#include "surefoot/detail/plain_code.hpp"

#include <gtest/gtest.h>

namespace surefoot::detail {
namespace {

constexpr std::uint64_t fp = 0x7000'0000;

TEST(PlainCode, HoldsNothingByDefault) {
  constexpr PlainCode code;
  EXPECT_FALSE(code.contains(0, fp));
  EXPECT_FALSE(code.contains(4, fp));
  EXPECT_FALSE(code.contains(~std::uint64_t{3}, fp));
}

TEST(PlainCode, HoldsReturnAddressesWhoseCallsItHoldsToo) {
  constexpr PlainCode code(0x1000, 0x1010);
  EXPECT_FALSE(code.contains(0x1000, fp));  // the call would be in front of it
  EXPECT_TRUE(code.contains(0x1004, fp));
  EXPECT_TRUE(code.contains(0x100c, fp));
  EXPECT_FALSE(code.contains(0x1010, fp));
  EXPECT_FALSE(code.contains(0x0ffc, fp));
  EXPECT_FALSE(code.contains(0, fp));
}

TEST(PlainCode, HoldsNoAddressThatIsNotAMultipleOfFour) {  // C1
  constexpr PlainCode code(0x1000, 0x2000);
  for (std::uint64_t pc = 0x1000; pc <= 0x2000; ++pc)
    EXPECT_EQ(code.contains(pc, fp), pc % 4 == 0 && pc > 0x1000 && pc < 0x2000);
}

TEST(PlainCode, HoldsNothingBesideAFramePointerThatIsNotAMultipleOfEight) {
  constexpr PlainCode code(0x1000, 0x2000);
  for (std::uint64_t i = 0; i < 16; ++i) EXPECT_EQ(code.contains(0x1800, fp + i), i % 8 == 0) << i;
}

TEST(PlainCode, RoundsBoundsThatAreNoMultiplesOfFourInwards) {
  constexpr PlainCode code(0x1001, 0x100f);
  EXPECT_FALSE(code.contains(0x1004, fp));
  EXPECT_TRUE(code.contains(0x1008, fp));
  EXPECT_FALSE(code.contains(0x100c, fp));
}

TEST(PlainCode, IsEmptyWhenItEndsBeforeItsFirstReturnAddress) {
  EXPECT_FALSE(PlainCode(0x1000, 0x1004).contains(0x1004, fp));
  EXPECT_FALSE(PlainCode(0x1000, 0x1002).contains(0x1004, fp));
  EXPECT_FALSE(PlainCode(0x1001, 0x1005).contains(0x1008, fp));
  EXPECT_FALSE(PlainCode(0x1000, 0x0800).contains(0x0804, fp));
  EXPECT_FALSE(PlainCode(0x1000, 0x1000).contains(0x1004, fp));
}

TEST(PlainCode, IsEmptyWhenItsFirstReturnAddressWouldWrapRound) {
  constexpr std::uint64_t top = ~std::uint64_t{0};
  for (std::uint64_t start = top - 15; start != 0; ++start) {
    EXPECT_FALSE(PlainCode(start, 0x3000).contains(0x2000, fp)) << std::hex << start;
    EXPECT_FALSE(PlainCode(start, top).contains(0x2000, fp)) << std::hex << start;
  }
}

TEST(PlainCode, IsEmptyWhenItIsInBothHalvesOfTheAddressSpace) {  // C8: a stripped address could change its half
  constexpr std::uint64_t half = std::uint64_t{1} << 55;
  EXPECT_FALSE(PlainCode(half - 0x1000, half + 0x1000).contains(half - 0x800, fp));
  EXPECT_FALSE(PlainCode(half - 0x1000, 2 * half + 0x1000).contains(half - 0x800, fp));
  EXPECT_TRUE(PlainCode(half - 0x1000, half).contains(half - 0x800, fp));
  EXPECT_TRUE(PlainCode(half, half + 0x1000).contains(half + 0x800, fp));
}

TEST(PlainCode, TakesAPartOfWhatIsTooLarge) {
  constexpr std::uint64_t start = 0x1000;
  for (const std::uint64_t size :
       {std::uint64_t{0x4'0000'0000}, std::uint64_t{0x4'0000'0100}, std::uint64_t{1} << 50}) {
    const PlainCode code(start, start + size);
    for (std::uint64_t pc = start + size; pc < start + size + 0x400; pc += 4) EXPECT_FALSE(code.contains(pc, fp));
  }
}

}  // namespace
}  // namespace surefoot::detail
