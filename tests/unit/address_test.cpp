// SPDX-License-Identifier: MIT
//
// Ranges that cannot wrap, addresses that know their kind, and the removal of pointer authentication codes.
#include "surefoot/address.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace surefoot {
namespace {

constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();

TEST(AddressRange, ContainsAnObjectOnlyIfAllOfItIsInside) {
  struct Case {
    std::uint64_t start, end, address, size;
    bool is_inside;
  } const cases[] = {
      {0x1000, 0x1100, 0x1000, 16, true},      // at the start
      {0x1000, 0x1100, 0x0fff, 16, false},     // begins below
      {0x1000, 0x1100, 0x10f0, 16, true},      // ends at the end
      {0x1000, 0x1100, 0x10f1, 16, false},     // straddles the end
      {0x1000, 0x1100, 0x1000, 0x100, true},   // is the range
      {0x1000, 0x1100, 0x1000, 0x101, false},  // larger than the range
      {0x1000, 0x1100, 0x1100, 0, true},       // nothing, at the end
      {0x1000, 0x1100, 0x1101, 0, false},      // nothing, behind the end
      {0x1000, 0x1100, max - 7, 16, false},    // T8: address + size would wrap
      {0x1000, 0x1100, 0x1008, max, false},    // the size alone would wrap
      {max - 0xff, max, max - 15, 15, true},   // at the top of the address space
      {max - 0xff, max, max - 15, 16, false},  // the last byte belongs to no range
      {0, 0x1000, 0, 8, true},                 // at address 0
      {0, 0, 0, 1, false},                     // an empty range holds nothing
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(::testing::Message() << std::hex << c.address << " + " << c.size << " in [" << c.start << ", " << c.end
                                      << ")");
    EXPECT_EQ(AddressRange(c.start, c.end).contains(c.address, c.size), c.is_inside);
  }
}

TEST(AddressRange, IsEmptyIfItWouldWrap) {
  EXPECT_TRUE(AddressRange(0x2000, 0x1000).is_empty());
  EXPECT_FALSE(AddressRange(0x2000, 0x1000).contains(0x2000, 1));
}

TEST(AddressRange, KeepsItsBounds) {
  const AddressRange range(0x1000, 0x1100);
  EXPECT_EQ(range.start(), 0x1000U);
  EXPECT_EQ(range.end(), 0x1100U);
}

TEST(AddressRange, OverlapsOnlyWhatSharesAByteWithIt) {
  const AddressRange range(0x1000, 0x1100);
  EXPECT_TRUE(range.overlaps(AddressRange(0x10ff, 0x1200)));
  EXPECT_TRUE(range.overlaps(AddressRange(0x0f00, 0x1001)));
  EXPECT_TRUE(range.overlaps(AddressRange(0x1040, 0x1050)));
  EXPECT_FALSE(range.overlaps(AddressRange(0x1100, 0x1200)));  // adjacent
  EXPECT_FALSE(range.overlaps(AddressRange(0x0f00, 0x1000)));
}

// C3: a call that never returns may be the last instruction of its function.
TEST(CodeAddress, LooksUpTheCallOfAReturnAddress) {
  EXPECT_EQ(CodeAddress(0x1100, CodeAddress::Kind::return_address).lookup(), 0x10fcU);
}

TEST(CodeAddress, LooksUpAnInterruptedPcAsItIs) {  // C3
  EXPECT_EQ(CodeAddress(0x1100, CodeAddress::Kind::exact).lookup(), 0x1100U);
}

TEST(CodeAddress, OfAReturnToZeroIsInNoRange) {  // C1
  const std::uint64_t lookup = CodeAddress(0, CodeAddress::Kind::return_address).lookup();
  EXPECT_FALSE(AddressRange(0, max).contains(lookup, instruction_size));
}

// C8: bit 55 tells the half, the mask never holds it.
TEST(PointerAuthMask, TurnsTheCodeIntoCopiesOfBit55) {
  const PointerAuthMask mask = PointerAuthMask::for_address_bits(48);
  struct Case {
    std::uint64_t is_signed, stripped;
  } const cases[] = {
      {0x005a'0000'4000'0024, 0x0000'0000'4000'0024},  // low half
      {0xff2a'0000'4000'0024, 0x0000'0000'4000'0024},  // low half, every bit above 55 set
      {0x00da'8000'1000'0024, 0xffff'8000'1000'0024},  // kernel half
      {0xffff'8000'1000'0024, 0xffff'8000'1000'0024},  // not signed
      {0x0000'0000'4000'0024, 0x0000'0000'4000'0024},  // not signed
      {0, 0},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(::testing::Message() << std::hex << c.is_signed);
    EXPECT_EQ(mask.strip(c.is_signed), c.stripped);
  }
}

TEST(PointerAuthMask, ChangesNothingByDefault) {
  EXPECT_EQ(PointerAuthMask().strip(0xff5a'1234'5678'9abc), 0xff5a'1234'5678'9abcU);
}

TEST(PointerAuthMask, NeverHoldsBit55) {
  EXPECT_EQ(PointerAuthMask(max).bits() >> 55 & 1, 0U);
  EXPECT_EQ(PointerAuthMask::for_address_bits(39).bits(), 0xff7f'ff80'0000'0000U);
}

TEST(PointerAuthMask, OfAFullAddressIsEmpty) { EXPECT_EQ(PointerAuthMask::for_address_bits(64).bits(), 0U); }

}  // namespace
}  // namespace surefoot
