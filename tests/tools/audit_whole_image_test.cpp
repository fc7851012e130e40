// SPDX-License-Identifier: MIT
//
// What an audit says of an image as a whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "audit/audit.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

class AuditOfAWholeImage : public ::testing::Test {
 protected:
  void look(const Image& image) { report_ = audit(image); }

  [[nodiscard]] std::vector<std::string> details(FindingKind kind) const {
    std::vector<std::string> text;
    for (const Finding& finding : report_.findings) {
      if (finding.kind == kind) text.push_back(std::string(to_string(finding.level)) + ": " + finding.detail);
    }
    return text;
  }

  AuditReport report_;
};

using Text = std::vector<std::string>;

TEST_F(AuditOfAWholeImage, SaysOnceThatItIsWithoutFramePointers) {
  for (const char* name : {"compiled/clang_O2_no_fp", "compiled/gcc_O2_no_fp"}) {
    SCOPED_TRACE(name);
    look(testing::open_image(name));
    EXPECT_EQ(report_.count(Level::error), 1u);
    ASSERT_EQ(details(FindingKind::no_frame_pointers).size(), 1u);
    const Text functions = details(FindingKind::function_without_record);
    EXPECT_GT(functions.size(), 16u);
    EXPECT_TRUE(std::ranges::all_of(functions, [](const std::string& text) { return text.starts_with("note: "); }));
  }
}

TEST_F(AuditOfAWholeImage, NamesEachFunctionWhereMostHaveARecord) {
  look(testing::open_image("calls"));
  EXPECT_TRUE(details(FindingKind::no_frame_pointers).empty());
  EXPECT_GT(report_.count(Level::error), 5u);
}

TEST_F(AuditOfAWholeImage, ListsUnknownEncodingsOnce) {
  const Image image = testing::open_image("unknown_encodings");
  look(image);
  EXPECT_EQ(details(FindingKind::unknown_encodings), (Text{"note: 2 instructions with bits 31 to 25 = 0b0000001",
                                                           "note: 1 instruction with bits 31 to 25 = 0b0101011"}));
  const auto is_of_it = [](const Finding& finding) { return finding.kind == FindingKind::unknown_encodings; };
  const auto first = std::ranges::find_if(report_.findings, is_of_it);
  ASSERT_NE(first, report_.findings.end());
  EXPECT_EQ(first->address, image.find_symbol("fault")->address);
}

// They are taken at their worst: behind one nothing is known.
TEST_F(AuditOfAWholeImage, BelievesNothingBehindUnknownEncodings) {
  look(testing::open_image("unknown_encodings"));
  EXPECT_EQ(details(FindingKind::instructions_without_rule),
            (Text{"note: 4 of 8 instructions: where the caller's pc and x29 are is not known there"}));
}

TEST_F(AuditOfAWholeImage, M3_WarnsOfTablesOfWaysThatItDoesNotUnderstand) {
  std::vector<std::byte> file = testing::bytes_of_file(testing::path_of_image("rules/linux_tables"));
  const Image whole = Image::from_memory(file).value();
  look(whole);
  EXPECT_TRUE(details(FindingKind::ways_not_understood).empty());
  const auto table = whole.find_section("__ex_table")->bytes;
  const auto at = std::search(file.begin(), file.end(), table.begin(), table.end());
  ASSERT_NE(at, file.end());
  at[7] = std::byte{0x70};
  look(Image::from_memory(file).value());
  const Text found = details(FindingKind::ways_not_understood);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].starts_with("warning: ") && found[0].contains("__ex_table")) << found[0];
}

}  // namespace
}  // namespace surefoot::tools
