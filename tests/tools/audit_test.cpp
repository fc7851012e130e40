// SPDX-License-Identifier: MIT
//
// Audits of small images, each with one fault (images/*.S). Where the fault has an address its label says so.
#include "audit/audit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

#include "test_image.hpp"

namespace surefoot::tools {
namespace {

struct Case {
  const char* image;
  const char* kind;
  Level level;
  friend std::ostream& operator<<(std::ostream& out, const Case& test_case) { return out << test_case.image; }
};

AuditReport audit_of(const Image& image) { return audit(image); }

std::string text_of(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += std::string(to_string(finding.level)) + " " + info(finding.kind).id + " " + finding.function + ": " +
            finding.detail + "\n";
  }
  return text;
}

std::vector<Finding> of_kind(const AuditReport& report, const std::string& kind) {
  std::vector<Finding> found;
  std::ranges::copy_if(report.findings, std::back_inserter(found),
                       [&](const Finding& finding) { return info(finding.kind).id == kind; });
  return found;
}

class AuditOfOneFault : public ::testing::TestWithParam<Case> {};

TEST_P(AuditOfOneFault, FindsItAndNoOther) {
  const Image image = testing::open_image(GetParam().image);
  const AuditReport report = audit_of(image);
  SCOPED_TRACE(text_of(report.findings));
  const std::vector<Finding> found = of_kind(report, GetParam().kind);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().level, GetParam().level);
  if (const Symbol* fault = image.find_symbol("fault")) EXPECT_EQ(found.front().address, fault->address);
  const auto is_grave = [](const Finding& finding) {
    // A handful of instructions: the share says nothing about them.
    return finding.level > Level::note && finding.kind != FindingKind::share_of_instructions_with_rule;
  };
  EXPECT_EQ(std::ranges::count_if(report.findings, is_grave), GetParam().level > Level::note ? 1 : 0);
}

INSTANTIATE_TEST_SUITE_P(Records, AuditOfOneFault,
                         ::testing::Values(Case{"call_before_record", "call_before_record", Level::error},
                                           Case{"call_not_judged", "call_not_judged", Level::warning},
                                           Case{"function_without_record", "function_without_record", Level::error},
                                           Case{"wrong_record_order", "wrong_record_order", Level::error},
                                           Case{"record_elsewhere", "wrong_record_order", Level::error},
                                           Case{"metadata_record", "wrong_record_order", Level::error},
                                           Case{"record_swapped_against_cfi", "wrong_record_order", Level::error},
                                           Case{"record_lost", "call_not_judged", Level::warning},
                                           Case{"return_address_without_call", "return_address_without_call",
                                                Level::error},
                                           Case{"return_address_far", "return_address_without_call", Level::error},
                                           Case{"ends_in_noreturn_call", "ends_in_noreturn_call", Level::note},
                                           Case{"outermost_function", "outermost_function", Level::note}),
                         [](const auto& test) { return test.param.image; });

INSTANTIATE_TEST_SUITE_P(
    SpecialRanges, AuditOfOneFault,
    ::testing::Values(Case{"ranges_missing", "special_ranges_missing", Level::error},
                      Case{"ranges_not_whole", "special_ranges_not_whole", Level::error},
                      Case{"ranges_empty", "special_ranges_empty_range", Level::error},
                      Case{"ranges_misaligned", "special_ranges_misaligned", Level::error},
                      Case{"ranges_unsorted", "special_ranges_unsorted", Level::error},
                      Case{"ranges_overlapping", "special_ranges_overlapping", Level::error},
                      Case{"ranges_unknown_kind", "special_ranges_unknown_kind", Level::error},
                      Case{"ranges_unknown_rule", "special_ranges_unknown_rule", Level::error},
                      Case{"ranges_nonzero_reserved", "special_ranges_nonzero_reserved", Level::error},
                      Case{"range_outside_code", "special_range_outside_code", Level::warning},
                      Case{"vectors_not_special", "exception_vectors_not_special", Level::error},
                      Case{"vector_leads_out", "exception_vectors_not_special", Level::error},
                      Case{"trampoline_not_special", "trampoline_not_special", Level::error},
                      Case{"hook_not_a_hook", "trampoline_not_special", Level::error},
                      Case{"exception_return_not_special", "exception_return_not_special", Level::error},
                      Case{"called_exception_return", "exception_return_not_special", Level::warning}),
    [](const auto& test) { return test.param.image; });

INSTANTIATE_TEST_SUITE_P(Coverage, AuditOfOneFault,
                         ::testing::Values(Case{"symbol_without_size", "symbol_without_size", Level::warning},
                                           Case{"code_outside_symbols", "code_outside_symbols", Level::warning},
                                           Case{"code_before_odd_bytes", "code_outside_symbols", Level::warning},
                                           Case{"veneer", "code_of_the_linker", Level::note},
                                           Case{"folded_functions", "folded_functions", Level::note},
                                           Case{"branch_over_veneer", "code_of_the_linker", Level::note},
                                           Case{"branch_over_code", "code_outside_symbols", Level::warning},
                                           Case{"instructions_without_rule", "instructions_without_rule", Level::note}),
                         [](const auto& test) { return test.param.image; });

TEST(Audit, FindsNothingButNotesInASoundImage) {
  const AuditReport report = audit_of(testing::open_image("clean"));
  EXPECT_FALSE(report.has(Level::warning)) << text_of(report.findings);
  EXPECT_EQ(report.count(Level::error), 0u);
  EXPECT_GT(report.special_ranges, 0u);
  EXPECT_EQ(of_kind(report, "share_of_instructions_with_rule").size(), 1u);
  EXPECT_EQ(of_kind(report, "frame_table_missing").size(), 1u);
}

TEST(Audit, AsksNoRecordOfSpecialCode) {
  const AuditReport report = audit_of(testing::open_image("recordless_in_special"));
  EXPECT_FALSE(report.has(Level::error)) << text_of(report.findings);
}

TEST(Audit, FindsTheRangesOfAStrippedImage) {
  const Image image = testing::open_image("stripped");
  const AuditReport report = audit_of(image);
  EXPECT_EQ(report.special_ranges, audit_of(testing::open_image("clean")).special_ranges);
  EXPECT_EQ(report.count(Level::error), 0u) << text_of(report.findings);
}

// Programs by other compilers, with frame tables by GNU as: what it lacks is found, and nothing invented.
TEST(Audit, FindsTheFunctionsThatOmitTheFramePointer) {
  const auto report_of = [](const std::string& name) {
    const auto image = Image::open(std::string(SUREFOOT_TEST_FIXTURES) + "/sframe/" + name + ".elf");
    EXPECT_TRUE(image) << name;
    return image ? audit_of(*image) : AuditReport{};
  };
  for (const char* name : {"gcc-O0", "gcc-O2", "gcc-Os-pac", "clang-O2-pac"}) {
    const AuditReport report = report_of(name);
    EXPECT_FALSE(report.has(Level::warning)) << name << "\n" << text_of(report.findings);
    EXPECT_NE(report.frame_table_bytes, 0u);
  }
  std::vector<std::string> functions;
  for (const Finding& finding : report_of("clang-O2-nofp").findings) {
    if (finding.level == Level::error) functions.push_back(std::string(info(finding.kind).id) + " " + finding.function);
  }
  EXPECT_EQ(functions,
            (std::vector<std::string>{"function_without_record jump_table", "function_without_record _start"}));
}

TEST(Audit, CountsCallsWithoutARecordOnce) {
  const std::vector<Finding> found =
      of_kind(audit_of(testing::open_image("function_without_record")), "function_without_record");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().function, "recordless");
  EXPECT_EQ(found.front().detail, "calls work and makes 1 more call");
}

// C12: a walk from there leaves a function out, but whoever gives up needs no record to come back.
TEST(Audit, OnlyNotesCallsWithoutARecordThatNothingReturnsFrom) {
  const AuditReport report = audit_of(testing::open_image("noreturn_call_without_record"));
  EXPECT_FALSE(report.has(Level::warning)) << text_of(report.findings);
  std::vector<std::string> functions;
  for (const Finding& finding : of_kind(report, "noreturn_call_without_record")) {
    functions.push_back(finding.function + ": " + finding.detail);
  }
  EXPECT_EQ(functions, (std::vector<std::string>{"gives_up: calls never_returns",
                                                 "gives_up_before_its_record: calls never_returns",
                                                 "gives_up_with_a_swapped_record: calls never_returns"}));
}

TEST(Audit, SaysHowARecordIsWrong) {
  const auto detail = [](const char* image) {
    const std::vector<Finding> found = of_kind(audit_of(testing::open_image(image)), "wrong_record_order");
    return found.empty() ? std::string() : found.front().detail;
  };
  EXPECT_EQ(detail("wrong_record_order"), "calls work, and its frame record is {x30, x29}");
  EXPECT_EQ(detail("record_elsewhere"), "calls work, and x29 points at something that is not {x29, x30}");
}

TEST(Audit, WarnsOfAShareBelowTheWantedOne) {
  const std::vector<Finding> low =
      of_kind(audit_of(testing::open_image("instructions_without_rule")), "share_of_instructions_with_rule");
  ASSERT_EQ(low.size(), 1u);
  EXPECT_EQ(low.front().level, Level::warning);
  const std::vector<Finding> high = of_kind(audit_of(testing::open_image("clean")), "share_of_instructions_with_rule");
  ASSERT_EQ(high.size(), 1u);
  EXPECT_EQ(high.front().level, Level::note) << high.front().detail;
}

TEST(Audit, PutsTheWorstFirst) {
  std::vector<Finding> findings;
  const auto add = [&](FindingKind kind, std::uint64_t address, std::size_t weight) {
    findings.push_back(make_finding(kind, address, {}));
    findings.back().weight = weight;
  };
  add(FindingKind::instructions_without_rule, 4, 1);
  add(FindingKind::instructions_without_rule, 8, 9);
  add(FindingKind::symbol_without_size, 16, 0);
  add(FindingKind::symbol_without_size, 12, 0);
  add(FindingKind::call_before_record, 20, 0);
  sort_findings(findings);
  std::vector<std::uint64_t> addresses;
  for (const Finding& finding : findings) addresses.push_back(finding.address);
  EXPECT_EQ(addresses, (std::vector<std::uint64_t>{20, 12, 16, 8, 4}));
}

TEST(Audit, GivesEachKindAnIdOfItsOwnAndSomethingToDo) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < finding_kind_count; ++i) {
    const KindInfo& kind = info(static_cast<FindingKind>(i));
    ids.emplace_back(kind.id);
    EXPECT_TRUE(std::ranges::all_of(ids.back(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; })) << kind.id;
    EXPECT_NE(std::string(kind.why), "");
    EXPECT_NE(std::string(kind.mend), "");
  }
  std::ranges::sort(ids);
  EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
}

// docs/audit.md has a row for each kind, with its level.
TEST(Audit, IsDocumented) {
  std::ifstream file(SUREFOOT_AUDIT_PAGE);
  const std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  ASSERT_FALSE(page.empty());
  for (std::size_t i = 0; i < finding_kind_count; ++i) {
    const KindInfo& kind = info(static_cast<FindingKind>(i));
    const std::string row = std::string("\n| `") + kind.id + "` | " + to_string(kind.level);
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace surefoot::tools
