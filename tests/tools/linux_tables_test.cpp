// SPDX-License-Identifier: MIT
//
// Tables of Linux in an image: what is read of them, and that what is not as it should be is not believed (M3).
#include "elf/linux_tables.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "test_image.hpp"

namespace surefoot::tools {
namespace {

class LinuxTablesOf : public ::testing::Test {
 protected:
  // With bytes of a section exchanged.
  LinuxTables with(const std::string& section, std::size_t offset, const std::vector<unsigned char>& bytes) {
    const Section* found = image_.find_section(section);
    const auto at = static_cast<std::size_t>(found->bytes.data() - file_.data());
    std::memcpy(&file_[at + offset], bytes.data(), bytes.size());
    return read_linux_tables(Image::from_memory(file_).value());
  }

  std::vector<std::byte> file_ = testing::bytes_of_file(testing::path_of_image("rules/linux_tables"));
  Image image_ = Image::from_memory(file_).value();
};

TEST_F(LinuxTablesOf, M3_AreRead) {
  const LinuxTables tables = read_linux_tables(image_);
  EXPECT_TRUE(tables.faults.empty());
  ASSERT_EQ(tables.fixups.size(), 1U);
  const std::uint64_t fixed_up = image_.find_symbol("fixed_up")->address;
  EXPECT_EQ(tables.fixups[0].from, fixed_up + 8);
  EXPECT_EQ(tables.fixups[0].to, fixed_up + 16);
  EXPECT_EQ(tables.static_keys.size(), 2U);
  ASSERT_EQ(tables.alternatives.size(), 2U);
  EXPECT_EQ(tables.alternatives[0].start, image_.find_symbol("alternatives")->address + 8);
  EXPECT_EQ(tables.alternatives[0].bytes, 8U);
  EXPECT_EQ(tables.warnings.size(), 1U);
  EXPECT_EQ(tables.bugs, std::vector{image_.find_symbol("dies")->address});
}

TEST_F(LinuxTablesOf, M3_AreNotBelievedWhereTheyNameNoCode) {
  const LinuxTables tables = with("__ex_table", 4, {0, 0, 0, 0x70});
  EXPECT_EQ(tables.faults.size(), 1U);
  EXPECT_TRUE(tables.fixups.empty());
  EXPECT_EQ(tables.static_keys.size(), 2U);
}

TEST_F(LinuxTablesOf, M3_AreNotBelievedWhereTheyNameNoBreak) {
  const LinuxTables tables = with("__bug_table", 0, {0xff, 0xff, 0xff, 0xff});
  EXPECT_EQ(tables.faults.size(), 1U);
  EXPECT_TRUE(tables.warnings.empty());
  EXPECT_TRUE(tables.bugs.empty());
}

TEST_F(LinuxTablesOf, M3_AreNotBelievedWhereBothCodesDifferInSize) {
  const LinuxTables tables = with(".altinstructions", 11, {12});
  EXPECT_EQ(tables.faults.size(), 1U);
  EXPECT_TRUE(tables.alternatives.empty());
}

// The kernel makes the other code by a function of its own.
TEST_F(LinuxTablesOf, M3_HaveAlternativesThatNobodyCanFollow) {
  const LinuxTables tables = with(".altinstructions", 11, {0});
  EXPECT_TRUE(tables.faults.empty());
  EXPECT_EQ(tables.alternatives.size(), 1U);
}

}  // namespace
}  // namespace surefoot::tools
