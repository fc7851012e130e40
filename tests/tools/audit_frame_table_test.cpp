// SPDX-License-Identifier: MIT
//
// The audit of a frame table that an image brings along: the right one, and others.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>

#include "audit/audit.hpp"
#include "rules/rules.hpp"
#include "sframe/writer.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

constexpr const char* section_name = ".surefoot.frames";

class AuditOfAFrameTable : public ::testing::Test {
 protected:
  AuditOfAFrameTable() : file_(testing::bytes_of_file(testing::path_of_image("frame_table"))) {
    const Image image = open();
    const RuleDerivation derivation(image);
    for (const Group& group : derivation.groups()) {
      for (const FunctionRules& derived : derivation.derive(group)) functions_.push_back(derived.rows);
    }
    std::ranges::sort(functions_, {}, &FunctionRows::start);
    calling_ = image.find_symbol("call_work")->address;
    // A table starts with its magic number: the space for one is all zeros until it is put there.
    EXPECT_EQ(findings("frame_table_refused").size(), 1u);
  }

  Image open() { return Image::from_memory(file_).value(); }

  std::span<std::byte> section() {
    const Image image = open();
    const Section* section = image.find_section(section_name);
    return std::span(file_).subspan(static_cast<std::size_t>(section->bytes.data() - file_.data()),
                                    section->bytes.size());
  }

  void put_table() {
    const Image image = open();
    const auto table = write_sframe(functions_, image.find_section(section_name)->address);
    ASSERT_TRUE(table);
    ASSERT_LE(table->bytes.size(), section().size());
    std::ranges::copy(table->bytes, section().begin());
  }

  std::vector<Finding> findings(const std::string& kind) {
    const AuditReport report = audit(open());
    std::vector<Finding> found;
    std::ranges::copy_if(report.findings, std::back_inserter(found),
                         [&](const Finding& finding) { return info(finding.kind).id == kind; });
    return found;
  }

  // The rows of call_work.
  std::vector<std::optional<Row>>& rows() {
    return std::ranges::find(functions_, calling_, &FunctionRows::start)->rows;
  }

  std::vector<std::byte> file_;
  std::vector<FunctionRows> functions_;
  std::uint64_t calling_ = 0;
};

TEST_F(AuditOfAFrameTable, FindsNoFaultWithTheRightOne) {
  put_table();
  for (const char* kind : {"frame_table_refused", "frame_table_wrong", "frame_table_incomplete", "frame_table_missing"})
    EXPECT_TRUE(findings(kind).empty()) << kind;
}

// GNU ld shrinks .sframe after it has placed the symbols. The header says how long the table is.
TEST_F(AuditOfAFrameTable, AcceptsOneThatEndsBeforeItsSymbol) {
  put_table();
  const Image image = open();
  const Section* section = image.find_section(section_name);
  const std::uint64_t end = image.find_symbol("__surefoot_frame_table_end")->address;
  ASSERT_EQ(end, section->address + section->size);
  std::size_t changed = 0;
  for (std::size_t at = 0; at + sizeof(std::uint64_t) <= file_.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, file_.data() + at, sizeof word);
    if (word != end) continue;
    word += 64;
    std::memcpy(file_.data() + at, &word, sizeof word);
    ++changed;
  }
  ASSERT_GE(changed, 1U);
  ASSERT_EQ(open().find_symbol("__surefoot_frame_table_end")->address, end + 64);
  for (const char* kind : {"frame_table_refused", "frame_table_wrong", "frame_table_incomplete", "frame_table_missing"})
    EXPECT_TRUE(findings(kind).empty()) << kind;
}

TEST_F(AuditOfAFrameTable, SaysWhyTheReaderRefusesIt) {
  put_table();
  constexpr std::size_t version_at = 2;
  section()[version_at] = std::byte{2};
  const std::vector<Finding> found = findings("frame_table_refused");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found.front().detail.ends_with("version_2")) << found.front().detail;
}

TEST_F(AuditOfAFrameTable, FindsRulesThatAreNotThoseOfTheCode) {
  ASSERT_TRUE(rows()[1]);
  rows()[1]->cfa += 16;
  put_table();
  const std::vector<Finding> found = findings("frame_table_wrong");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().address, calling_ + 4);
  EXPECT_EQ(found.front().function, "call_work");
  EXPECT_EQ(found.front().level, Level::error);
  EXPECT_TRUE(found.front().detail.starts_with("1 of 5 instructions")) << found.front().detail;
}

// Functions that moved after the table was made.
TEST_F(AuditOfAFrameTable, FindsATableOfAnotherLink) {
  for (FunctionRows& function : functions_) {
    function.start -= 4;
    function.end -= 4;
  }
  put_table();
  EXPECT_FALSE(findings("frame_table_wrong").empty());
}

TEST_F(AuditOfAFrameTable, FindsInstructionsThatCouldHaveARule) {
  rows().front().reset();
  rows().back().reset();
  put_table();
  const std::vector<Finding> found = findings("frame_table_incomplete");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().address, calling_);
  EXPECT_EQ(found.front().level, Level::warning);
  EXPECT_TRUE(found.front().detail.starts_with("2 instructions")) << found.front().detail;
}

}  // namespace
}  // namespace surefoot::tools
