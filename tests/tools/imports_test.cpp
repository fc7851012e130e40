// SPDX-License-Identifier: MIT
//
// Which function of another image a stub of the procedure linkage table calls.
#include "elf/imports.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "elf/image.hpp"
#include "support/elf_builder.hpp"

namespace surefoot::tools {
namespace {

using testing::Bytes;
using testing::ElfBuilder;

constexpr std::uint32_t adrp_x16_next_page = 0xb000'0010;
constexpr std::uint32_t add_x16 = 0x9100'0210;
constexpr std::uint32_t br_x17 = 0xd61f'0220;
constexpr std::uint32_t bti_c = 0xd503'245f;

// LDR x17, [x16, #8 * slot]
constexpr std::uint32_t load(std::uint32_t slot) { return 0xf940'0211 | slot << 10; }

void append_relocation(Bytes& bytes, std::uint64_t slot, std::uint64_t symbol, std::uint64_t type) {
  testing::append(bytes, slot, 8);
  testing::append(bytes, symbol << 32 | type, 8);
  testing::append(bytes, 0, 8);
}

// Stubs at 0x1000, their slots from 0x2000 on.
ElfBuilder program(const Bytes& plt, const Bytes& relocations) {
  constexpr std::uint32_t symbols_index = 4;
  ElfBuilder builder;
  builder.section({.name = ".plt", .flags = SHF_ALLOC | SHF_EXECINSTR, .address = 0x1000, .bytes = plt})
      .code(".text", 0x1800, 4)
      .section({.name = ".rela.plt", .type = SHT_RELA, .bytes = relocations, .link = symbols_index})
      .symbol({.name = "abort@GLIBC_2.17", .type = STT_FUNC, .section = SHN_UNDEF})
      .symbol({.name = "main", .address = 0x1800, .size = 16, .section = 2})
      .symbol({.name = "exit", .section = SHN_UNDEF})
      .symbol({.name = "@@", .section = SHN_UNDEF});
  return builder;
}

std::map<std::uint64_t, std::string> imports_of(const ElfBuilder& builder) {
  const Bytes file = builder.build();
  std::map<std::uint64_t, std::string> imports;
  const Image image = Image::from_memory(file).value();
  for (const Import& import : image.imports()) imports[import.stub] = import.name;
  return imports;
}

using Expected = std::map<std::uint64_t, std::string>;

TEST(Imports, HaveTheNameOfTheirSlotsRelocation) {
  const Bytes plt = testing::words({adrp_x16_next_page, load(1), add_x16, br_x17,         //
                                    bti_c, adrp_x16_next_page, load(2), add_x16, br_x17,  // a landing pad
                                    adrp_x16_next_page, load(3), add_x16, br_x17});       // of an unknown slot
  Bytes relocations;
  append_relocation(relocations, 0x2008, 1, R_AARCH64_JUMP_SLOT);
  append_relocation(relocations, 0x2010, 3, R_AARCH64_GLOB_DAT);
  append_relocation(relocations, 0x2018, 3, R_AARCH64_RELATIVE);
  EXPECT_EQ(imports_of(program(plt, relocations)), (Expected{{0x1000, "abort"}, {0x1010, "exit"}}));
}

TEST(Imports, AreNoneWhereTheTablesAreWrong) {
  const Bytes plt = testing::words({adrp_x16_next_page, load(1), add_x16, br_x17});
  Bytes relocations;
  append_relocation(relocations, 0x2008, 4711, R_AARCH64_JUMP_SLOT);  // no such symbol
  append_relocation(relocations, 0x2008, 4, R_AARCH64_JUMP_SLOT);     // nothing but a version
  EXPECT_EQ(imports_of(program(plt, relocations)), Expected{});
}

TEST(Imports, DoNotFillTheMemoryWithNames) {
  const std::string long_name(100'000, 'a');
  // The name fits into the limit six times; the slot of the stub is behind.
  Bytes relocations;
  for (std::uint64_t i = 0; i < 100; ++i) append_relocation(relocations, 0x2800 - 8 * i, 5, R_AARCH64_JUMP_SLOT);
  append_relocation(relocations, 0x2008, 5, R_AARCH64_JUMP_SLOT);
  ElfBuilder hostile = program(testing::words({adrp_x16_next_page, load(1), add_x16, br_x17}), relocations);
  hostile.symbol({.name = long_name, .section = SHN_UNDEF});
  EXPECT_EQ(imports_of(hostile), Expected{});
}

}  // namespace
}  // namespace surefoot::tools
