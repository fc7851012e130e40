// SPDX-License-Identifier: MIT
//
// Tables of a kernel's code, and the files that keep them: what is in such a file is used only if it is sound.
#include "linux/code_tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "linux/cache_file.hpp"
#include "surefoot/frame_table.hpp"
#include "tables/frames.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

namespace fs = std::filesystem;

class CodeTablesCache : public ::testing::Test {
 protected:
  CodeTablesCache() {
    std::string name = ::testing::TempDir() + "/surefoot-cache-XXXXXX";
    const char* const made = ::mkdtemp(name.data());
    folder_ = made == nullptr ? "" : made;
  }
  ~CodeTablesCache() override { fs::remove_all(folder_); }

  [[nodiscard]] CodeTables derive(const Image& image) const {
    auto tables = code_tables_of(image, folder_, {});
    EXPECT_TRUE(tables) << tables.error();
    return tables ? std::move(*tables) : CodeTables{};
  }
  [[nodiscard]] std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    if (!fs::exists(folder_ + "/code-tables")) return found;
    for (const auto& entry : fs::directory_iterator(folder_ + "/code-tables")) found.push_back(entry.path());
    return found;
  }
  static void write(const fs::path& path, std::span<const std::byte> bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    for (const std::byte byte : bytes) file.put(static_cast<char>(byte));
  }

  std::string folder_;
  const Image image_ = testing::open_image("linux/types_gcc_4");  // it has a build id
};

bool same(const std::vector<PartTables>& one, const std::vector<PartTables>& other) {
  const auto is_same_range = [](const AddressRange& a, const AddressRange& b) {
    return a.start() == b.start() && a.end() == b.end();
  };
  return std::ranges::equal(one, other, [&](const PartTables& a, const PartTables& b) {
    return a.section == b.section && is_same_range(a.code, b.code) && a.frames == b.frames &&
           a.frames_at == b.frames_at &&
           std::ranges::equal(a.calls_without_record, b.calls_without_record, is_same_range);
  });
}

TEST_F(CodeTablesCache, IsReadTheSecondTime) {
  const CodeTables first = derive(image_);
  EXPECT_FALSE(first.is_from_cache);
  EXPECT_TRUE(first.warnings.empty());
  ASSERT_EQ(files().size(), 1U);
  EXPECT_EQ(files()[0].filename(), "5eed00");
  const CodeTables second = derive(image_);
  EXPECT_TRUE(second.is_from_cache);
  EXPECT_TRUE(same(first.parts, second.parts));
  EXPECT_EQ(files().size(), 1U);
}

TEST_F(CodeTablesCache, ReplacesAFileThatIsDamagedAnywhere) {
  const CodeTables sound = derive(image_);
  ASSERT_EQ(files().size(), 1U);
  const fs::path path = files()[0];
  const std::vector<std::byte> whole = testing::bytes_of_file(path.string());
  for (std::size_t at = 0; at < whole.size(); at += 7) {
    SCOPED_TRACE(at);
    std::vector<std::byte> bytes = whole;
    bytes[at] ^= std::byte{0x10};
    write(path, bytes);
    const CodeTables tables = derive(image_);
    ASSERT_FALSE(tables.is_from_cache);
    ASSERT_TRUE(same(tables.parts, sound.parts));
    ASSERT_TRUE(derive(image_).is_from_cache);
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{39}, whole.size() - 1}) {
    write(path, std::span(whole).first(size));
    EXPECT_FALSE(derive(image_).is_from_cache);
  }
  EXPECT_EQ(testing::bytes_of_file(path.string()), whole);
}

TEST_F(CodeTablesCache, IsNotReadForAnotherImageWithTheSameBuildId) {
  static_cast<void>(derive(image_));
  const Image other = testing::open_image("linux/types_clang_5");
  ASSERT_EQ(build_id_of(other), build_id_of(image_));
  EXPECT_FALSE(derive(other).is_from_cache);
  EXPECT_TRUE(derive(other).is_from_cache);
  EXPECT_FALSE(derive(image_).is_from_cache);
}

TEST_F(CodeTablesCache, IsNotReadIfAnotherProgramHasDerivedIt) {
  const CodeTables tables = derive(image_);
  const fs::path path = files().at(0);
  const std::vector<std::byte> bytes = testing::bytes_of_file(path.string());
  EXPECT_EQ(write_cache_file(tables.parts, fingerprint_of(image_, build_id_of_this_program().value())), bytes);
  write(path, write_cache_file(tables.parts, fingerprint_of(image_, "5eed01")));
  EXPECT_FALSE(derive(image_).is_from_cache);
  EXPECT_EQ(testing::bytes_of_file(path.string()), bytes);
}

TEST_F(CodeTablesCache, IsNotBelievedIfItsTablesAreNotSound) {
  const std::uint64_t fingerprint = fingerprint_of(image_, build_id_of_this_program().value());
  const CodeTables sound = derive(image_);
  const fs::path path = files().at(0);
  const auto is_believed = [&](const PartTables& part) {
    write(path, write_cache_file({part}, fingerprint));
    return derive(image_).is_from_cache;
  };
  PartTables part = sound.parts.at(0);
  EXPECT_TRUE(is_believed(part));
  const std::uint64_t start = part.code.start();
  part.calls_without_record = {{start, start + 4}, {start + 4, start + 8}};
  EXPECT_TRUE(is_believed(part));
  const std::vector<AddressRange> wrong[] = {{{start + 4, start + 8}, {start, start + 4}},
                                             {{start, start + 8}, {start + 4, start + 8}},
                                             {{start, start}},
                                             {{start - 4, start}},
                                             {{part.code.end() - 4, part.code.end() + 4}}};
  for (const std::vector<AddressRange>& ranges : wrong) {
    part.calls_without_record = ranges;
    EXPECT_FALSE(is_believed(part));
  }
  part = sound.parts.at(0);
  part.frames.resize(12);
  EXPECT_FALSE(is_believed(part));
  part = sound.parts.at(0);
  part.code = {start, start + 4};
  EXPECT_FALSE(is_believed(part));
  part = sound.parts.at(0);
  part.section = ".text";
  EXPECT_FALSE(is_believed(part));
}

TEST_F(CodeTablesCache, ThatCannotBeWrittenIsAWarning) {
  write(folder_ + "/code-tables", {});  // where the folder is to be
  const CodeTables tables = derive(image_);
  EXPECT_FALSE(tables.is_from_cache);
  EXPECT_FALSE(tables.parts.empty());
  ASSERT_EQ(tables.warnings.size(), 1U);
  EXPECT_TRUE(tables.warnings[0].starts_with("the tables cannot be kept in " + folder_)) << tables.warnings[0];
}

TEST_F(CodeTablesCache, LeavesNoFileBehindThatItCouldNotFinish) {
  static_cast<void>(derive(image_));
  const fs::path path = files().at(0);
  fs::remove(path);
  fs::create_directories(path / "in the way");
  EXPECT_EQ(derive(image_).warnings.size(), 1U);
  EXPECT_EQ(files(), std::vector<fs::path>{path});
}

TEST_F(CodeTablesCache, IsNotUsedWithoutAFolderOrABuildId) {
  const Image without = testing::open_image("clean");
  ASSERT_EQ(build_id_of(without), std::nullopt);
  EXPECT_FALSE(derive(without).parts.empty());
  EXPECT_FALSE(derive(without).is_from_cache);
  EXPECT_TRUE(files().empty());
  ASSERT_TRUE(code_tables_of(image_, "", {}));
  EXPECT_TRUE(files().empty());
}

TEST(CodeTables, OfALinkedImageAreThoseOfSurefootFrames) {
  const Image image = testing::open_image("place/high");
  const auto tables = code_tables_of(image, "", {});
  ASSERT_TRUE(tables);
  ASSERT_EQ(tables->parts.size(), 1U);
  const PartTables& part = tables->parts[0];
  const Frames frames = derive_frames(image, {}, {}).value();
  EXPECT_EQ(part.section, "");
  EXPECT_EQ(part.frames, frames.section.bytes);
  EXPECT_EQ(part.frames_at, frames.address);
  EXPECT_TRUE(part.code.contains(image.functions().front().start));
  EXPECT_TRUE(part.code.contains(image.functions().back().end - 4));
}

TEST(CodeTables, OfAnObjectAreApartForEachSectionOfCode) {
  const Image image = testing::open_image("object/clang");
  const auto tables = code_tables_of(image, "", {});
  ASSERT_TRUE(tables);
  ASSERT_GT(tables->parts.size(), 1U);
  std::size_t found = 0;
  for (const PartTables& part : tables->parts) {
    SCOPED_TRACE(part.section);
    const Section* const section = image.find_section(part.section);
    ASSERT_NE(section, nullptr);
    EXPECT_EQ(part.code.start(), section->address);
    EXPECT_EQ(part.code.end(), section->address + section->size);
    const auto frames = FrameTable::make(part.frames, part.frames_at);
    ASSERT_TRUE(frames);
    for (std::uint32_t i = 0; i < frames->function_count(); ++i) {
      EXPECT_TRUE(part.code.contains(frames->function(i).start()));
      ++found;
    }
  }
  const Frames whole = derive_frames(image, {}, {}).value();
  EXPECT_EQ(found, FrameTable::make(whole.section.bytes, whole.address)->function_count());
}

TEST(CacheFolder, IsTheUsersOwn) {
  const auto folder_with = [](const char* caches, const char* home) {
    caches == nullptr ? ::unsetenv("XDG_CACHE_HOME") : ::setenv("XDG_CACHE_HOME", caches, 1);
    home == nullptr ? ::unsetenv("HOME") : ::setenv("HOME", home, 1);
    return default_cache_folder();
  };
  const char* const old_home = std::getenv("HOME");
  const std::string home = old_home == nullptr ? "" : old_home;
  EXPECT_EQ(folder_with("/caches", "/home/me"), "/caches/surefoot");
  EXPECT_EQ(folder_with("relative", "/home/me"), "/home/me/.cache/surefoot");
  EXPECT_EQ(folder_with(nullptr, "/home/me"), "/home/me/.cache/surefoot");
  EXPECT_EQ(folder_with(nullptr, nullptr), "");
  EXPECT_EQ(folder_with("", ""), "");
  static_cast<void>(folder_with(nullptr, home.c_str()));
}

}  // namespace
}  // namespace surefoot::tools
