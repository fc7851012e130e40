// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <functional>

#include "dump/dump.hpp"
#include "support/dump_builder.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::Bytes;
using surefoot::testing::CoreBuilder;
using surefoot::testing::flatten;
using surefoot::testing::KdumpBuilder;
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

PageState state_at(const Dump& dump, std::uint64_t address) {
  Bytes bytes(8);
  return dump.memory->read(address, bytes);
}

KdumpBuilder three_pages(std::size_t page_size = 4096) {
  KdumpBuilder builder(page_size);
  builder.page(16, pattern(page_size, 1)).page(17, pattern(page_size, 2)).page(20, pattern(page_size, 3));
  return builder;
}

constexpr std::uint32_t is_zlib = 1;

TEST(KdumpDump, ReadsPagesAndKnowsThoseThatWereLeftOut) {
  for (const std::size_t size : {4096U, 16384U, 65536U}) {
    SCOPED_TRACE(size);
    const auto dump = open_bytes(three_pages(size).build());
    ASSERT_TRUE(dump) << dump.error();
    EXPECT_EQ(dump->format, "kdump-compressed");
    EXPECT_TRUE(dump->warnings.empty());
    EXPECT_EQ(read_bytes(*dump, 16 * size, size), pattern(size, 1));
    EXPECT_EQ(read_bytes(*dump, 20 * size, size), pattern(size, 3));
    EXPECT_EQ(read_bytes(*dump, 17 * size - 4, 8).size(), 8U);
    for (const std::uint64_t page : {0U, 15U, 18U, 19U, 21U, 22U, 1'000'000U}) {
      EXPECT_EQ(state_at(*dump, page * size), PageState::absent) << page;
    }
    EXPECT_EQ(state_at(*dump, 18 * size - 4), PageState::absent);
    EXPECT_EQ(state_at(*dump, ~std::uint64_t{7}), PageState::absent);
    ASSERT_EQ(dump->memory->ranges().size(), 2U);
    EXPECT_EQ(dump->memory->ranges()[0].start(), 16 * size);
    EXPECT_EQ(dump->memory->ranges()[0].end(), 18 * size);
    EXPECT_EQ(dump->memory->ranges()[1].start(), 20 * size);
    EXPECT_EQ(dump->memory->ranges()[1].end(), 21 * size);
  }
}

TEST(KdumpDump, TakesRegistersAndVmcoreinfoWithoutAMachinesName) {
  Bytes notes = note("CORE", NT_PRSTATUS, prstatus(100));
  const Bytes more = note("CORE", NT_PRSTATUS, prstatus(200));
  notes.insert(notes.end(), more.begin(), more.end());
  for (const std::string_view machine : {"aarch64", "Unknown", ""}) {
    SCOPED_TRACE(machine);
    const auto dump =
        open_bytes(three_pages().machine(std::string(machine)).notes(notes).vmcoreinfo(vmcoreinfo_text()).build());
    ASSERT_TRUE(dump) << dump.error();
    EXPECT_EQ(dump->vmcoreinfo, vmcoreinfo_text());
    ASSERT_EQ(dump->cpus.size(), 2U);
    EXPECT_EQ(dump->cpus[1].x[30], 230U);
  }
}

TEST(KdumpDump, HasPagesOfTheFilesSizeWhateverTheKernelsIs) {
  const std::size_t size = 65536;
  const auto dump = open_bytes(three_pages(size).vmcoreinfo(vmcoreinfo_text()).build());
  ASSERT_TRUE(dump) << dump.error();
  EXPECT_EQ(read_bytes(*dump, 16 * size, size), pattern(size, 1));
  EXPECT_EQ(read_bytes(*dump, 20 * size, size), pattern(size, 3));
}

TEST(KdumpDump, TellsDamagedPagesFromThoseLeftOut) {
  const auto dump = open_bytes(three_pages().page(17, pattern(100, 1), is_zlib).build());
  ASSERT_TRUE(dump) << dump.error();
  EXPECT_EQ(state_at(*dump, 17 * 4096), PageState::damaged);
  EXPECT_EQ(state_at(*dump, 18 * 4096), PageState::absent);
  EXPECT_EQ(read_bytes(*dump, 16 * 4096, 4096), pattern(4096, 1));
}

TEST(KdumpDump, WarnsOfAFileThatIsNotComplete) {
  const auto dump = open_bytes(three_pages().status(8).build());
  ASSERT_TRUE(dump) << dump.error();
  ASSERT_EQ(dump->warnings.size(), 1U);
  EXPECT_EQ(dump->warnings[0], "the file is not complete: there was no room for all pages");
}

TEST(KdumpDump, WarnsOfALastPageThatCannotBeRead) {
  Bytes file = three_pages().page(20, pattern(100, 1), is_zlib).build();
  const auto dump = open_bytes(file);
  ASSERT_TRUE(dump) << dump.error();
  ASSERT_EQ(dump->warnings.size(), 1U);
  EXPECT_TRUE(dump->warnings[0].starts_with("the page at 0x14000 cannot be read: ")) << dump->warnings[0];
  EXPECT_EQ(read_bytes(*dump, 17 * 4096, 4096), pattern(4096, 2));
}

TEST(KdumpDump, SaysInOneLineWhatIsWrongWithAFile) {
  struct Row {
    std::string_view error;
    std::function<Bytes()> file;
  };
  constexpr std::string_view wild = "a kdump file whose header tells of more than the file has";
  const auto changed = [](std::size_t at, std::uint64_t value, unsigned size) {
    Bytes file = three_pages().notes(note("CORE", NT_PRSTATUS, prstatus(1))).build();
    patch(file, at, value, size);
    return file;
  };
  const std::vector<Row> rows = {
      {"a kdump file of another architecture (x86_64)", [] { return three_pages().machine("x86_64").build(); }},
      {"a kdump file of another architecture (a?b)", [] { return three_pages().machine("a\nb").build(); }},
      {"a kdump file that ends within its header",
       [] {
         Bytes file = three_pages().build();
         file.resize(300);
         return file;
       }},
      {"a kdump file that ends within its header",
       [] {
         Bytes file = three_pages().build();
         file.resize(4096 + 103);
         return file;
       }},
      {"a kdump file with pages of 512 bytes",
       [] {
         Bytes file = three_pages().build();
         patch(file, 428, 512, 4);
         return file;
       }},
      {"a kdump file of version 5, not 6", [&] { return changed(8, 5, 4); }},
      {"one of several kdump files that makedumpfile --split made: only whole ones are read",
       [&] { return changed(4096 + 12, 1, 4); }},
      {wild, [&] { return changed(432, 0, 4); }},
      {wild, [&] { return changed(432, 0xffff'ffff, 4); }},
      {wild, [&] { return changed(436, 20, 4); }},
      {wild, [&] { return changed(436, 0, 4); }},
      {wild, [&] { return changed(440, 4096 * 8 + 1, 4); }},
      {wild, [&] { return changed(4096 + 96, ~std::uint64_t{0}, 8); }},
      {wild, [&] { return changed(4096 + 40, 0x10'0000, 8); }},
      {wild, [&] { return changed(4096 + 48, ~std::uint64_t{7}, 8); }},
      {wild, [&] { return changed(4096 + 72, ~std::uint64_t{0}, 8); }},
      {"a kdump file without memory", [&] { return changed(3 * 4096 + 2, 0, 1); }},
      {"a kdump file without memory", [] { return KdumpBuilder().build(); }},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.error);
    const auto dump = open_bytes(row.file());
    ASSERT_FALSE(dump);
    EXPECT_EQ(dump.error(), row.error);
  }
}

TEST(FlattenedDump, IsPutTogetherWhateverItHolds) {
  const auto kdump = open_bytes(flatten(three_pages().build(), 1000));
  ASSERT_TRUE(kdump) << kdump.error();
  EXPECT_EQ(kdump->format, "kdump-compressed, flattened");
  EXPECT_TRUE(kdump->warnings.empty());
  EXPECT_EQ(read_bytes(*kdump, 16 * 4096, 4096), pattern(4096, 1));
  EXPECT_EQ(read_bytes(*kdump, 20 * 4096, 4096), pattern(4096, 3));
  const auto elf = open_bytes(flatten(CoreBuilder().segment({0x4000'0000, pattern(0x2000, 1)}).build(), 777));
  ASSERT_TRUE(elf) << elf.error();
  EXPECT_EQ(elf->format, "ELF core, flattened");
  EXPECT_EQ(read_bytes(*elf, 0x4000'0000, 0x2000), pattern(0x2000, 1));
}

TEST(FlattenedDump, WarnsOfAMissingEnd) {
  const Bytes core = CoreBuilder().segment({0x4000'0000, pattern(0x2000, 1)}).build();
  // A whole piece and its place, then the end mark.
  for (const std::size_t cut : {std::size_t{1}, std::size_t{16}}) {
    SCOPED_TRACE(cut);
    Bytes stream = flatten(core, core.size());
    stream.resize(stream.size() - cut - 15);
    const auto dump = open_bytes(stream);
    ASSERT_TRUE(dump) << dump.error();
    ASSERT_FALSE(dump->warnings.empty());
    EXPECT_EQ(dump->warnings[0], "the file is cut: makedumpfile's flattened form has an end mark, which is missing");
    EXPECT_EQ(read_bytes(*dump, 0x4000'0000, 0x1000).size(), 0x1000U);
  }
}

TEST(FlattenedDump, RefusesPiecesThatBelongNowhereAndWhatIsNoDump) {
  const Bytes core = CoreBuilder().segment({0x4000'0000, pattern(0x2000, 1)}).build();
  const Bytes stream = flatten(core, core.size());
  // 64 MiB from a stream of a few KiB, and near the end of all numbers.
  for (const std::size_t byte : {4U, 0U}) {
    Bytes wild = stream;
    patch(wild, 4096 + byte, byte == 0 ? 0x7f : 4, 1);
    const auto nowhere = open_bytes(wild);
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error(), "in makedumpfile's flattened form, with a piece that belongs to no place in a file");
  }
  const auto twice = open_bytes(flatten(flatten(core, 1000), 1000));
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error(),
            "in makedumpfile's flattened form, inside of which: in makedumpfile's flattened form, twice");
  const auto nothing = open_bytes(flatten({}, 1000));
  ASSERT_FALSE(nothing);
  EXPECT_TRUE(nothing.error().starts_with("in makedumpfile's flattened form, inside of which: not a dump"));
}

}  // namespace
}  // namespace surefoot::tools
