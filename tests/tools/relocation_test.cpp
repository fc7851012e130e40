// SPDX-License-Identifier: MIT
//
// What relocations put into instructions and data [aaelf64 §5.7], and what they refuse.
#include "elf/relocation.hpp"

#include <elf.h>
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstring>

#include "code/flow.hpp"
#include "elf/adr.hpp"

namespace surefoot::tools {
namespace {

constexpr std::uint64_t place = 0x1'0000'1000;

struct Result {
  Relocated relocated;
  std::uint64_t word;
};

Result apply_to(std::uint64_t word, std::uint32_t type, std::uint64_t value) {
  std::array<std::byte, 8> bytes = std::bit_cast<std::array<std::byte, 8>>(word);
  const Relocated relocated = apply({.type = type, .place = place, .value = value}, bytes);
  return {relocated, std::bit_cast<std::uint64_t>(bytes)};
}

std::uint32_t instruction(std::uint32_t word, std::uint32_t type, std::uint64_t value) {
  const Result result = apply_to(word, type, value);
  EXPECT_EQ(result.relocated, Relocated::done) << type;
  return static_cast<std::uint32_t>(result.word);
}

TEST(Relocation, MakesBranchesReachTheirTargets) {
  struct Case {
    std::uint32_t word;
    std::uint32_t type;
    std::uint64_t reach;
  };
  constexpr Case cases[] = {{0x94000000, R_AARCH64_CALL26, 0x800'0000},
                            {0x14000000, R_AARCH64_JUMP26, 0x800'0000},
                            {0x54000001, R_AARCH64_CONDBR19, 0x10'0000},
                            {0xb4000000, R_AARCH64_CONDBR19, 0x10'0000},
                            {0x36000000, R_AARCH64_TSTBR14, 0x8000}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.type);
    for (const std::uint64_t distance : {std::uint64_t{4}, c.reach - 4, ~c.reach + 1}) {
      EXPECT_EQ(flow_of(instruction(c.word, c.type, place + distance), place).target, place + distance);
    }
    for (const std::uint64_t distance : {c.reach, ~c.reach - 3, std::uint64_t{2}}) {
      const Result result = apply_to(c.word, c.type, place + distance);
      EXPECT_EQ(result.relocated, Relocated::does_not_reach);
      EXPECT_EQ(result.word, c.word) << "changed all the same";
    }
  }
}

TEST(Relocation, FormsAddressesInTwoInstructions) {
  constexpr std::uint64_t targets[] = {place, place + 0x1234'5678, place - 0x7fff'f000};
  for (const std::uint64_t target : targets) {
    const std::uint32_t adrp = instruction(0x9000'0003, R_AARCH64_ADR_PREL_PG_HI21, target);
    EXPECT_EQ(adr_target(adrp, place), target & ~std::uint64_t{0xfff});
    EXPECT_EQ(adrp & 0x1f, 3U);
    EXPECT_EQ(instruction(0x9100'0063, R_AARCH64_ADD_ABS_LO12_NC, target) >> 10 & 0xfff, target & 0xfff);
  }
  EXPECT_EQ(instruction(0xf940'0063, R_AARCH64_LDST64_ABS_LO12_NC, 0x1238) >> 10 & 0xfff, 0x238U / 8);
  EXPECT_EQ(instruction(0x7940'0063, R_AARCH64_LDST16_ABS_LO12_NC, 0x1238) >> 10 & 0xfff, 0x238U / 2);
  EXPECT_EQ(adr_target(instruction(0x1000'0000, R_AARCH64_ADR_PREL_LO21, place - 9), place), place - 9);
  EXPECT_EQ(apply_to(0x9000'0000, R_AARCH64_ADR_PREL_PG_HI21, place + 0x2'0000'0000).relocated,
            Relocated::does_not_reach);
}

TEST(Relocation, WritesWordsOfData) {
  constexpr std::uint64_t filling = ~std::uint64_t{0};
  EXPECT_EQ(apply_to(filling, R_AARCH64_ABS64, 0x1122'3344'5566'7788).word, 0x1122'3344'5566'7788U);
  EXPECT_EQ(apply_to(filling, R_AARCH64_PREL64, place - 16).word, ~std::uint64_t{15});
  EXPECT_EQ(apply_to(filling, R_AARCH64_PREL32, place + 16).word, 0xffff'ffff'0000'0010U);
  EXPECT_EQ(apply_to(filling, R_AARCH64_PREL16, place + 16).word, 0xffff'ffff'ffff'0010U);
  EXPECT_EQ(apply_to(filling, R_AARCH64_NONE, place).word, filling);
}

TEST(Relocation, PutsPartsOfNumbersIntoMoves) {
  EXPECT_EQ(instruction(0xd2a0'0000, R_AARCH64_MOVW_UABS_G1_NC, 0x1234'5678) >> 5 & 0xffff, 0x1234U);
  EXPECT_EQ(instruction(0xd280'0000, R_AARCH64_MOVW_SABS_G0, ~std::uint64_t{4}), 0x9280'0000U | 4 << 5) << "MOVN";
  EXPECT_EQ(instruction(0x9280'0000, R_AARCH64_MOVW_SABS_G0, 4), 0xd280'0000U | 4 << 5) << "MOVZ";
}

TEST(Relocation, LeavesAloneWhatOnlyALinkerKnows) {
  for (const std::uint32_t type :
       {std::uint32_t{R_AARCH64_ADR_GOT_PAGE}, std::uint32_t{R_AARCH64_TLSLE_ADD_TPREL_HI12}, 4711U}) {
    EXPECT_EQ(apply_to(0x9000'0000, type, place).relocated, Relocated::unknown);
    EXPECT_EQ(apply_to(0x9000'0000, type, place).word, 0x9000'0000U);
  }
}

TEST(Relocation, StaysInsideOfItsBytes) {
  std::array<std::byte, 3> few{};
  for (std::uint32_t type = 0; type < 700; ++type) {
    const Relocated relocated = apply({.type = type, .place = place, .value = place + 4}, few);
    EXPECT_EQ(apply({.type = R_AARCH64_CALL26, .place = place, .value = place + 1}, few), Relocated::no_room);
    const bool is_short = type == R_AARCH64_NONE || type == R_AARCH64_ABS16 || type == R_AARCH64_PREL16;
    EXPECT_TRUE(is_short || relocated == Relocated::no_room || relocated == Relocated::unknown) << type;
  }
}

}  // namespace
}  // namespace surefoot::tools
