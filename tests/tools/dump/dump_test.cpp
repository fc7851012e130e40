// SPDX-License-Identifier: MIT
#include "dump/dump.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/dump_builder.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::Bytes;
using surefoot::testing::CoreBuilder;
using surefoot::testing::KdumpBuilder;
using surefoot::testing::pattern;
using surefoot::testing::TestFile;

constexpr std::string_view no_dump =
    "not a dump: neither ELF nor kdump; of a raw image of RAM, --base ADDRESS names the physical address of its first "
    "byte";

TEST(OpenDump, ReadsARawImageFromItsBase) {
  const TestFile file(pattern(0x2800, 1));
  const auto dump = open_dump(file.path(), 0x4000'0000);
  ASSERT_TRUE(dump) << dump.error();
  EXPECT_EQ(dump->format, "raw image of RAM at 0x40000000");
  Bytes bytes(0x2800);
  EXPECT_EQ(dump->memory->read(0x4000'0000, bytes), PageState::present);
  EXPECT_EQ(bytes, pattern(0x2800, 1));
  EXPECT_EQ(dump->memory->read(0x4000'0001, bytes), PageState::absent);
  EXPECT_EQ(dump->memory->read(0x3fff'ffff, bytes), PageState::absent);
  ASSERT_EQ(dump->memory->ranges().size(), 1U);
  EXPECT_EQ(dump->memory->ranges()[0].end(), 0x4000'2800U);
}

TEST(OpenDump, RefusesABaseThatIsNoneOrOfAFileWithAFormat) {
  const TestFile raw(pattern(0x2000, 1));
  for (const std::uint64_t base : {std::uint64_t{1} << 56, (std::uint64_t{1} << 56) - 0x1fff, ~std::uint64_t{0}}) {
    EXPECT_FALSE(open_dump(raw.path(), base)) << base;
  }
  EXPECT_EQ(open_dump(raw.path(), ~std::uint64_t{0}).error(),
            "no physical addresses: 8192 bytes from 0xffffffffffffffff");
  EXPECT_TRUE(open_dump(raw.path(), (std::uint64_t{1} << 56) - 0x2000));
  EXPECT_EQ(open_dump(TestFile(Bytes()).path(), 0).error(), "an empty file");
  const TestFile core(CoreBuilder().segment({0x4000'0000, pattern(0x1000, 1)}).build());
  EXPECT_EQ(open_dump(core.path(), 0).error(),
            "not a raw image of RAM, which --base is for: it has a format of its own");
}

TEST(OpenDump, SaysWhatIsNoDump) {
  for (const std::size_t size : {0U, 1U, 3U, 8U, 100U, 5000U}) {
    EXPECT_EQ(open_dump(TestFile(pattern(size, 1)).path(), {}).error(), no_dump) << size;
  }
}

TEST(OpenDump, SaysWhichFilesCannotBeRead) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path();
  EXPECT_EQ(open_dump((folder / "surefoot-no-such-file").string(), {}).error(), "no such file");
  EXPECT_EQ(open_dump(folder.string(), {}).error(), "not a regular file");
  EXPECT_EQ(open_dump("/dev/null", {}).error(), "not a regular file");
}

TEST(OpenDump, DoesNotWaitForAPipe) {
  std::string name = (std::filesystem::path(::testing::TempDir()) / "surefoot-pipe-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const std::string pipe = name + "/pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(open_dump(pipe, {}).error(), "not a regular file");
  std::filesystem::remove_all(name);
}

TEST(OpenDump, FindsOutAFileThatIsCutWhileItIsRead) {
  const std::filesystem::path path = std::filesystem::path(::testing::TempDir()) / "surefoot-cut-dump";
  const Bytes core = CoreBuilder().segment({0x4000'0000, pattern(0x2000, 1)}).build();
  {
    const TestFile whole(core);
    std::filesystem::copy_file(whole.path(), path, std::filesystem::copy_options::overwrite_existing);
  }
  const auto dump = open_dump(path.string(), {});
  ASSERT_TRUE(dump) << dump.error();
  std::filesystem::resize_file(path, core.size() - 0x1000);
  Bytes bytes(8);
  EXPECT_EQ(dump->memory->read(0x4000'0000, bytes), PageState::present);
  EXPECT_EQ(dump->memory->read(0x4000'1000, bytes), PageState::damaged);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace surefoot::tools
