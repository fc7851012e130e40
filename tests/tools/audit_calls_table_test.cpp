// SPDX-License-Identifier: MIT
//
// C12: the audit of a table of calls without a record that an image brings along: the right one, and others.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "audit/audit.hpp"
#include "elf/special_table.hpp"
#include "rules/calls.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

class AuditOfACallsTable : public ::testing::Test {
 protected:
  AuditOfACallsTable() : file_(testing::bytes_of_file(testing::path_of_image("calls_table"))) {
    const Image image = open();
    const RuleDerivation derivation(image);
    CallsWithoutRecord calls(derivation);
    for (const Group& group : derivation.groups()) {
      for (const FunctionRules& derived : derivation.derive(group)) calls.add(derived);
    }
    calls.finish();
    ranges_ = calls.ranges();
    EXPECT_EQ(ranges_.size(), 2u);
  }

  Image open() { return Image::from_memory(file_).value(); }

  std::span<std::byte> section() {
    const Image image = open();
    const Section* section = image.find_section(".surefoot.calls");
    return std::span(file_).subspan(static_cast<std::size_t>(section->bytes.data() - file_.data()),
                                    section->bytes.size());
  }

  void put_table() {
    const Image image = open();
    const auto table =
        write_special_ranges(ranges_, SpecialKind::call_without_record, image.find_section(".surefoot.calls")->address);
    ASSERT_TRUE(table);
    ASSERT_EQ(table->size(), section().size());
    std::ranges::copy(*table, section().begin());
  }

  std::vector<Finding> findings(const std::string& kind) {
    const AuditReport report = audit(open());
    std::vector<Finding> found;
    std::ranges::copy_if(report.findings, std::back_inserter(found),
                         [&](const Finding& finding) { return info(finding.kind).id == kind; });
    return found;
  }

  std::vector<std::byte> file_;
  std::vector<AddressRange> ranges_;
};

TEST_F(AuditOfACallsTable, BlamesNoCallThatTheTableKnows) {
  put_table();
  for (const char* kind : {"calls_table_refused", "calls_table_wrong", "call_before_record", "wrong_record_order"})
    EXPECT_TRUE(findings(kind).empty()) << kind;
  const std::vector<Finding> known = findings("known_call_without_record");
  ASSERT_EQ(known.size(), 2u);
  EXPECT_EQ(known.front().level, Level::note);
  EXPECT_EQ(known.front().function, "early");
  EXPECT_EQ(known.front().address, open().find_symbol("fault")->address);
  EXPECT_EQ(known.front().detail, "calls work");
}

// Room for a table is all zeros until one is put there.
TEST_F(AuditOfACallsTable, SaysWhyTheReaderRefusesIt) {
  const std::vector<Finding> found = findings("calls_table_refused");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().level, Level::error);
  EXPECT_EQ(found.front().detail, "entry 0: unknown_kind");
  EXPECT_EQ(findings("call_before_record").size(), 1u);
  EXPECT_EQ(findings("wrong_record_order").size(), 1u);
}

// Made for a link in which the code was elsewhere.
TEST_F(AuditOfACallsTable, FindsATableOfAnotherLink) {
  for (AddressRange& range : ranges_) range = {range.start() + 4, range.end() + 4};
  put_table();
  const std::vector<Finding> found = findings("calls_table_wrong");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().address, open().find_symbol("fault")->address);
  EXPECT_EQ(found.front().detail,
            "2 calls without a record are missing from it, and 2 of its 2 ranges hold something else");
  EXPECT_EQ(findings("call_before_record").size(), 1u);
}

TEST_F(AuditOfACallsTable, FindsInstructionsThatAreNoSuchCalls) {
  ranges_.back() = {ranges_.back().start() - 4, ranges_.back().end()};
  put_table();
  const std::vector<Finding> found = findings("calls_table_wrong");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().address, ranges_.back().start());
  EXPECT_EQ(found.front().function, "swapped");
}

}  // namespace
}  // namespace surefoot::tools
