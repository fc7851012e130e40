// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <functional>

#include "dump/dump.hpp"
#include "support/dump_builder.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::Bytes;
using surefoot::testing::CoreBuilder;
using surefoot::testing::note;
using surefoot::testing::patch;
using surefoot::testing::pattern;
using surefoot::testing::prstatus;
using surefoot::testing::TestFile;
using surefoot::testing::vmcoreinfo_text;

std::expected<Dump, std::string> open_bytes(const Bytes& bytes) { return open_dump(TestFile(bytes).path(), {}); }

Bytes read_bytes(const Dump& dump, std::uint64_t address, std::size_t size) {
  Bytes bytes(size);
  if (dump.memory->read(address, bytes) != PageState::present) bytes.clear();
  return bytes;
}

PageState state_at(const Dump& dump, std::uint64_t address, std::size_t size = 8) {
  Bytes bytes(size);
  return dump.memory->read(address, bytes);
}

Bytes as_bytes(std::string_view text) {
  Bytes bytes;
  surefoot::testing::append(bytes, text);
  return bytes;
}

CoreBuilder two_segments() {
  CoreBuilder builder;
  builder.segment({0x8000'0000, pattern(0x3000, 2)}).segment({0x4000'0000, pattern(0x2000, 1)});
  return builder;
}

TEST(ElfDump, ReadsMemoryByPhysicalAddresses) {
  const auto dump = open_bytes(two_segments().build());
  ASSERT_TRUE(dump) << dump.error();
  EXPECT_EQ(dump->format, "ELF core");
  EXPECT_TRUE(dump->warnings.empty());
  EXPECT_EQ(read_bytes(*dump, 0x4000'0000, 0x2000), pattern(0x2000, 1));
  EXPECT_EQ(read_bytes(*dump, 0x8000'0000, 0x3000), pattern(0x3000, 2));
  for (const std::uint64_t address : {0x0U, 0x3fff'fffcU, 0x4000'1ffcU, 0x7fff'fff8U, 0x8000'3000U}) {
    EXPECT_EQ(state_at(*dump, address), PageState::absent) << address;
  }
  EXPECT_EQ(state_at(*dump, ~std::uint64_t{3}), PageState::absent);
  ASSERT_EQ(dump->memory->ranges().size(), 2U);
  EXPECT_EQ(dump->memory->ranges()[0].start(), 0x4000'0000U);
  EXPECT_EQ(dump->memory->ranges()[0].end(), 0x4000'2000U);
  EXPECT_EQ(dump->memory->ranges()[1].start(), 0x8000'0000U);
}

TEST(ElfDump, ReadsAcrossSegmentsThatTouch) {
  CoreBuilder builder;
  builder.segment({0x4000'1000, pattern(0x1000, 2)}).segment({0x4000'0000, pattern(0x1000, 1)});
  const auto dump = open_bytes(builder.build());
  ASSERT_TRUE(dump) << dump.error();
  Bytes expected = pattern(0x1000, 1);
  const Bytes second = pattern(0x1000, 2);
  expected.insert(expected.end(), second.begin(), second.end());
  EXPECT_EQ(read_bytes(*dump, 0x4000'0000, 0x2000), expected);
  EXPECT_EQ(dump->memory->ranges().size(), 1U);
}

TEST(ElfDump, TakesOverlappingSegmentsOnce) {
  CoreBuilder builder;
  builder.segment({0x4000'0000, pattern(0x3000, 1)})
      .segment({0x4000'1000, pattern(0x1000, 2)})
      .segment({0x4000'2000, pattern(0x2000, 3)});
  const auto dump = open_bytes(builder.build());
  ASSERT_TRUE(dump) << dump.error();
  EXPECT_EQ(read_bytes(*dump, 0x4000'0000, 0x3000), pattern(0x3000, 1));
  const Bytes third = pattern(0x2000, 3);
  EXPECT_EQ(read_bytes(*dump, 0x4000'3000, 0x1000), Bytes(third.begin() + 0x1000, third.end()));
  ASSERT_EQ(dump->memory->ranges().size(), 1U);
  EXPECT_EQ(dump->memory->ranges()[0].end(), 0x4000'4000U);
}

TEST(ElfDump, HasAGapWhereASegmentIsLargerInMemory) {
  CoreBuilder builder;
  builder.segment({0x4000'0000, pattern(0x1000, 1), 0x3000});
  const auto dump = open_bytes(builder.build());
  ASSERT_TRUE(dump) << dump.error();
  EXPECT_EQ(state_at(*dump, 0x4000'0ff8), PageState::present);
  EXPECT_EQ(state_at(*dump, 0x4000'1000), PageState::absent);
  EXPECT_TRUE(dump->warnings.empty());
}

TEST(ElfDump, TakesRegistersAndVmcoreinfoFromNotes) {
  CoreBuilder builder = two_segments();
  Bytes notes = note("CORE", NT_PRSTATUS, prstatus(100));
  for (const Bytes& more : {note("CORE", NT_FPREGSET, pattern(528, 1)), note("LINUX", NT_PRSTATUS, prstatus(1)),
                            note("CORE", NT_PRSTATUS, prstatus(200)),
                            note("VMCOREINFO", 0, as_bytes(vmcoreinfo_text() + std::string(5, '\0')))}) {
    notes.insert(notes.end(), more.begin(), more.end());
  }
  notes.resize(notes.size() + 40);
  const auto dump = open_bytes(builder.notes(notes).build());
  ASSERT_TRUE(dump) << dump.error();
  EXPECT_EQ(dump->vmcoreinfo, vmcoreinfo_text());
  ASSERT_EQ(dump->cpus.size(), 2U);
  EXPECT_EQ(dump->cpus[0].x[0], 100U);
  EXPECT_EQ(dump->cpus[0].x[30], 130U);
  EXPECT_EQ(dump->cpus[0].sp, 131U);
  EXPECT_EQ(dump->cpus[0].pc, 132U);
  EXPECT_EQ(dump->cpus[0].pstate, 133U);
  EXPECT_EQ(dump->cpus[1].x[29], 229U);
  EXPECT_TRUE(dump->warnings.empty());
}

TEST(ElfDump, WarnsOfNotesThatAreNotWhole) {
  Bytes notes = note("CORE", NT_PRSTATUS, prstatus(100));
  const Bytes short_one = note("CORE", NT_PRSTATUS, Bytes(112 + 33 * 8));
  notes.insert(notes.end(), short_one.begin(), short_one.end());
  const std::size_t last = notes.size();
  const Bytes long_one = note("CORE", NT_PRSTATUS, prstatus(1));
  notes.insert(notes.end(), long_one.begin(), long_one.end());
  patch(notes, last + 4, 0xffff'fff0, 4);
  const auto dump = open_bytes(two_segments().notes(notes).build());
  ASSERT_TRUE(dump) << dump.error();
  EXPECT_EQ(dump->cpus.size(), 1U);
  ASSERT_EQ(dump->warnings.size(), 2U);
  EXPECT_EQ(dump->warnings[0], "a note of a CPU's registers has 376 bytes: not used");
  EXPECT_EQ(dump->warnings[1], "a note is longer than its segment: it and those behind it are not used");
}

TEST(ElfDump, WarnsOfAFewOfMillionsOfBadNotes) {
  Bytes notes;
  const Bytes empty = note("CORE", NT_PRSTATUS, {});
  for (int i = 0; i < 10'000; ++i) notes.insert(notes.end(), empty.begin(), empty.end());
  const auto dump = open_bytes(two_segments().notes(notes).build());
  ASSERT_TRUE(dump) << dump.error();
  EXPECT_EQ(dump->warnings.size(), 20U);
}

TEST(ElfDump, ReadsWhatIsThereOfAFileThatWasCut) {
  Bytes file = two_segments().build();
  file.resize(file.size() - 0x2000 - 0x800);
  const auto dump = open_bytes(file);
  ASSERT_TRUE(dump) << dump.error();
  ASSERT_EQ(dump->warnings.size(), 1U);
  EXPECT_EQ(dump->warnings[0], "the file is cut: 10240 bytes are missing at its end");
  EXPECT_EQ(state_at(*dump, 0x8000'27f8), PageState::present);
  EXPECT_EQ(state_at(*dump, 0x8000'27fc), PageState::absent);
  EXPECT_EQ(state_at(*dump, 0x4000'0000), PageState::absent);
}

TEST(ElfDump, CountsSegmentsThatSixteenBitsCannot) {
  const auto dump = open_bytes(two_segments().with_extended_count().build());
  ASSERT_TRUE(dump) << dump.error();
  EXPECT_EQ(read_bytes(*dump, 0x4000'0000, 0x2000), pattern(0x2000, 1));
}

// Offsets in the header and in a program header.
constexpr std::size_t p_offset = offsetof(Elf64_Phdr, p_offset);
constexpr std::size_t p_paddr = offsetof(Elf64_Phdr, p_paddr);
constexpr std::size_t p_filesz = offsetof(Elf64_Phdr, p_filesz);

TEST(ElfDump, LeavesOutSegmentsThatWrap) {
  struct Row {
    std::size_t field;
    std::uint64_t value;
  };
  const std::vector<Row> rows = {{p_paddr, ~std::uint64_t{0xfff}},
                                 {p_paddr, (std::uint64_t{1} << 56) - 0x1000},
                                 {p_paddr, std::uint64_t{1} << 63},
                                 {p_offset, ~std::uint64_t{0xfff}}};
  for (const Row& row : rows) {
    SCOPED_TRACE(std::to_string(row.field) + ": " + std::to_string(row.value));
    Bytes file = two_segments().build();
    patch(file, CoreBuilder::program_header_at(1) + row.field, row.value, 8);
    const auto dump = open_bytes(file);
    ASSERT_TRUE(dump) << dump.error();
    EXPECT_EQ(read_bytes(*dump, 0x4000'0000, 0x2000), pattern(0x2000, 1));
    EXPECT_EQ(dump->memory->ranges().size(), 1U);
    ASSERT_EQ(dump->warnings.size(), 1U);
    EXPECT_EQ(dump->warnings[0], "1 segments wrap round or lie beyond all physical addresses: not used");
  }
}

TEST(ElfDump, SaysInOneLineWhatIsWrongWithAFile) {
  struct Row {
    std::string_view error;
    std::function<void(Bytes&)> change;
  };
  const auto change = [](std::size_t at, std::uint64_t value, unsigned size) {
    return [=](Bytes& file) { patch(file, at, value, size); };
  };
  const std::size_t first = CoreBuilder::program_header_at(1);
  const std::size_t second = CoreBuilder::program_header_at(2);
  const std::vector<Row> rows = {
      {"an ELF file that ends within its header", [](Bytes& file) { file.resize(40); }},
      {"an ELF file that ends within its header", [](Bytes& file) { file.resize(4); }},
      {"a 32-bit ELF file: AArch64 dumps have 64 bits", change(EI_CLASS, ELFCLASS32, 1)},
      {"a big-endian ELF file: only little-endian ones", change(EI_DATA, ELFDATA2MSB, 1)},
      {"an ELF file of another architecture (machine 62)", change(offsetof(Elf64_Ehdr, e_machine), EM_X86_64, 2)},
      {"an ELF file, but not a core: it holds a program, not memory", change(offsetof(Elf64_Ehdr, e_type), ET_EXEC, 2)},
      {"an ELF core with program headers of 55 bytes", change(offsetof(Elf64_Ehdr, e_phentsize), 55, 2)},
      {"an ELF core that ends within its program headers", change(offsetof(Elf64_Ehdr, e_phoff), 0x10'0000, 8)},
      {"an ELF core that ends within its program headers", change(offsetof(Elf64_Ehdr, e_phoff), ~0ULL, 8)},
      {"an ELF core that ends within its program headers", [](Bytes& file) { file.resize(200); }},
      {"an ELF core whose number of program headers stands in a section header that is not there",
       change(offsetof(Elf64_Ehdr, e_phnum), PN_XNUM, 2)},
      {"an ELF core without memory", change(offsetof(Elf64_Ehdr, e_phnum), 0, 2)},
      {"an ELF core without memory", change(offsetof(Elf64_Ehdr, e_phnum), 1, 2)},
      {"an ELF core without physical addresses: of a process, not of a machine",
       [&](Bytes& file) {
         for (const std::size_t header : {first, second}) {
           patch(file, header + p_paddr, 0, 8);
           patch(file, header + offsetof(Elf64_Phdr, p_vaddr), 0x40'0000, 8);
         }
       }},
      {"an ELF core whose segments hold more than the file",
       [&](Bytes& file) {
         for (const std::size_t header : {first, second}) {
           patch(file, header + p_offset, 0, 8);
           patch(file, header + p_filesz, 0x10'0000, 8);
         }
       }},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.error);
    Bytes file = two_segments().build();
    row.change(file);
    const auto dump = open_bytes(file);
    ASSERT_FALSE(dump);
    EXPECT_EQ(dump.error(), row.error);
  }
}

TEST(ElfDump, RefusesMoreSegmentsThanAnyDumpHas) {
  Bytes file = two_segments().with_extended_count().build();
  patch(file, CoreBuilder::program_header_at(3) + offsetof(Elf64_Shdr, sh_info), 0x10'0001, 4);
  const auto dump = open_bytes(file);
  ASSERT_FALSE(dump);
  EXPECT_EQ(dump.error(), "an ELF core with 1048577 program headers: too many");
}

}  // namespace
}  // namespace surefoot::tools
