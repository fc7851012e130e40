// SPDX-License-Identifier: MIT
//
// Exception syndromes in words. The expected words are written down by hand from [arm-arm, ESR_EL1].
#include <string>

#include "world.hpp"

namespace surefoot::testing {
namespace {

using PanicSyndrome = PanicWorld;

constexpr std::uint64_t esr(std::uint64_t kind, std::uint64_t iss) { return kind << 26 | 1U << 25 | iss; }

TEST_F(PanicSyndrome, IsPrintedInWords) {
  constexpr std::uint64_t write = 1 << 6;
  constexpr std::uint64_t maintenance = 1 << 8;
  constexpr std::uint64_t no_far = 1 << 10;
  const struct {
    std::uint64_t esr;
    const char* words;
  } cases[] = {
      {esr(0x25, 0x07), "data abort: read of 0x0000000000000010, translation fault at level 3"},
      {esr(0x25, write | 0x0f), "data abort: write to 0x0000000000000010, permission fault at level 3"},
      {esr(0x25, write | maintenance | 0x05),
       "data abort: cache maintenance at 0x0000000000000010, translation fault at level 1"},
      {esr(0x25, no_far | 0x10), "data abort: read of an unknown address, external abort"},
      {esr(0x25, 0x21), "data abort: read of 0x0000000000000010, alignment fault"},
      {esr(0x25, 0x2b), "data abort: read of 0x0000000000000010, translation fault at level -1"},
      {esr(0x25, 0x3e), "data abort: read of 0x0000000000000010"},
      {esr(0x24, 0x09), "data abort from EL0: read of 0x0000000000000010, access flag fault at level 1"},
      {esr(0x21, 0x0d), "instruction abort: execution at 0x0000000000000010, permission fault at level 1"},
      {esr(0x20, 0x15),
       "instruction abort from EL0: execution at 0x0000000000000010, external abort on a table walk at "
       "level 1"},
      {esr(0x22, 0), "misaligned pc: execution at 0x0000000000000010"},
      {esr(0x26, 0), "misaligned sp"},
      {esr(0x35, write), "watchpoint: write to 0x0000000000000010"},
      {esr(0x3c, 0x5f), "brk 0x5f"},
      {esr(0x00, 0), "undefined instruction"},
      {esr(0x0d, 2), "indirect branch to no landing pad"},
      {esr(0x1c, 0), "failed pointer authentication"},
      {esr(0x2f, 0), "SError"},
      {esr(0x3f, 0), "class 0x3f"},
  };
  for (const auto& example : cases) {
    syndrome.esr = example.esr;
    (void)printed();
    const std::string line = lines("Exception: ");
    EXPECT_EQ(line.substr(0, line.find(" (esr ")), std::string("Exception: ") + example.words);
  }
}

TEST_F(PanicSyndrome, HasAnEndForEveryNumber) {
  for (std::uint64_t kind = 0; kind < 64; ++kind) {
    for (std::uint64_t iss = 0; iss < 0x800; ++iss) {
      const std::uint64_t number = esr(kind, iss);
      const panic::FaultStatus status = panic::fault_status_of(number);
      ASSERT_TRUE(status.level == panic::FaultStatus::no_level || (status.level >= -1 && status.level <= 3));
      ASSERT_EQ(panic::to_words(panic::fault_access_of(number)) == nullptr,
                panic::fault_access_of(number) == panic::FaultAccess::none);
    }
  }
}

TEST_F(PanicSyndrome, GoesWithTheFlagsOfPstate) {
  const struct {
    std::uint64_t pstate;
    const char* line;
  } cases[] = {
      {0xf000'03c9, "pstate: 0xf00003c9 (NZCV DAIF EL2h)\n"},
      {0x0000'0000, "pstate: 0x00000000 (nzcv daif EL0t)\n"},
      {0x02b0'0c04, "pstate: 0x02b00c04 (nzcv daif TCO UAO SS IL BTYPE=3 EL1t)\n"},
      {0x0000'0010, "pstate: 0x00000010 (AArch32)\n"},
      {0x0000'0001, "pstate: 0x00000001 (nzcv daif no such mode)\n"},
  };
  for (const auto& example : cases) {
    set(SUREFOOT_EXCEPTION_FRAME_OFFSET_PSTATE, example.pstate);
    (void)printed();
    EXPECT_EQ(lines("pstate"), example.line);
  }
}

}  // namespace
}  // namespace surefoot::testing
