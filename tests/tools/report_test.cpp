// SPDX-License-Identifier: MIT
//
// What the commands print, from findings and figures that are made up.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/audit_report.hpp"
#include "cli/frames_report.hpp"

namespace surefoot::tools {
namespace {

using Json = nlohmann::json;

AuditReport report_with(Finding finding) {
  AuditReport report;
  report.totals.functions = 3;
  report.totals.instructions = {.all = 200, .with_rule = 199};
  report.special_ranges = 2;
  report.findings.push_back(std::move(finding));
  return report;
}

Finding finding_in(std::string function) {
  Finding finding = make_finding(FindingKind::call_before_record, 0xffff'8000'0000'0010, "calls work");
  finding.function = std::move(function);
  finding.start = 0xffff'8000'0000'0000;
  return finding;
}

TEST(AuditReport, IsOneJsonObject) {
  const Json json = Json::parse(json_text(AuditOptions{.image = "kernel"}, report_with(finding_in("early"))));
  EXPECT_EQ(json.at("image"), "kernel");
  const Json& summary = json.at("summary");
  EXPECT_EQ(summary.at("errors"), 1);
  EXPECT_EQ(summary.at("warnings"), 0);
  EXPECT_EQ(summary.at("notes"), 0);
  EXPECT_EQ(summary.at("functions"), 3);
  EXPECT_EQ(summary.at("instructions").at("all"), 200);
  EXPECT_EQ(summary.at("instructions").at("with_rule"), 199);
  EXPECT_EQ(summary.at("instructions").at("percent"), 99.5);
  EXPECT_EQ(summary.at("special_ranges"), 2);
  EXPECT_EQ(summary.at("special_instructions"), 0);
  EXPECT_EQ(summary.at("frame_table_bytes"), 0);
  ASSERT_EQ(json.at("findings").size(), 1u);
  const Json& finding = json.at("findings").front();
  EXPECT_EQ(finding.at("kind"), "call_before_record");
  EXPECT_EQ(finding.at("level"), "error");
  EXPECT_EQ(finding.at("address"), "0xffff800000000010");  // no number: readers of JSON round those
  EXPECT_EQ(finding.at("function"), "early");
  EXPECT_EQ(finding.at("detail"), "calls work");
  EXPECT_EQ(finding.at("why"), info(FindingKind::call_before_record).why);
  EXPECT_EQ(finding.at("mend"), info(FindingKind::call_before_record).mend);
}

TEST(AuditReport, HasNoFunctionWhereThereIsNone) {
  const Json json = Json::parse(json_text({}, report_with(make_finding(FindingKind::frame_table_missing, 0, ""))));
  EXPECT_TRUE(json.at("findings").front().at("function").is_null());
}

TEST(AuditReport, StaysJsonWhateverAFunctionIsCalled) {
  const Json json = Json::parse(json_text({}, report_with(finding_in("\xff\"\n"))));
  EXPECT_EQ(json.at("findings").front().at("function"), "\uFFFD\"\n");
}

TEST(AuditReport, NamesFunctionsAsPeopleDo) {
  const std::string text = people_text(AuditOptions{.image = "kernel"}, report_with(finding_in("_ZN3net5panicEi")));
  EXPECT_TRUE(text.starts_with("kernel: 1 error, 0 warnings, 0 notes\n")) << text;
  EXPECT_NE(text.find("    0xffff800000000010 net::panic(int)+0x10: calls work\n"), std::string::npos) << text;
}

TEST(AuditReport, KeepsNamesFromLeadingTheTerminal) {
  const std::string text = people_text({}, report_with(finding_in("\x1b[2Jname\r")));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("?[2Jname?+0x10"), std::string::npos) << text;
}

Frames made_up_frames() {
  Frames frames;
  frames.address = 0xffff'8000'0000'1000;
  frames.totals.functions = 1;
  frames.totals.instructions = {.all = 3, .with_rule = 2};
  frames.functions.emplace_back(FunctionRows{.start = 0x1000, .end = 0x100c, .rows = {Row{}, Row{}, std::nullopt}});
  frames.names.emplace_back("work");
  frames.calls.address = 0xffff'8000'0000'2000;
  frames.calls.addresses = {0x1004, 0x2000};
  frames.calls.not_followed = 1;
  frames.calls.table.resize(2 * sizeof(SpecialRangeEntry));
  frames.differences.push_back({.comparison = Comparison::differ,
                                .function = "work",
                                .start = 0x1008,
                                .end = 0x100c,
                                .cfi = "c=sp+16 fp=u ra=u",
                                .derived = "sp=c+0 x29=fp x30=lr"});
  return frames;
}

TEST(FramesReport, IsOneJsonObject) {
  const FramesOptions options{.image = "kernel",
                              .output = {},
                              .address = {},
                              .calls_output = {},
                              .calls_address = {},
                              .is_list = true,
                              .is_differences = true};
  const Json json = Json::parse(json_text(options, made_up_frames()));
  EXPECT_EQ(json.at("image"), "kernel");
  EXPECT_EQ(json.at("functions"), 1);
  EXPECT_EQ(json.at("instructions").at("with_rule"), 2);
  EXPECT_EQ(json.at("comparisons").at("differ"), 0);
  EXPECT_EQ(json.at("table").at("address"), "0xffff800000001000");
  const Json& listed = json.at("list").at(0);
  EXPECT_EQ(listed.at("name"), "work");
  ASSERT_EQ(listed.at("rows").size(), 2u);
  EXPECT_EQ(listed.at("rows").at(0), (Json{{"pc", "0x1000"}, {"rule", "sp+0 u u"}}));
  EXPECT_EQ(listed.at("rows").at(1), (Json{{"pc", "0x1008"}, {"rule", nullptr}}));
  const Json& calls = json.at("calls_without_record");
  EXPECT_EQ(calls.at("count"), 2);
  EXPECT_EQ(calls.at("not_followed"), 1);
  EXPECT_EQ(calls.at("address"), "0xffff800000002000");
  EXPECT_EQ(calls.at("bytes"), 32);
  EXPECT_EQ(calls.at("ranges"), 2);
  EXPECT_EQ(calls.at("list").at(0), (Json{{"pc", "0x1004"}, {"function", "work+0x4"}}));
  EXPECT_EQ(calls.at("list").at(1), (Json{{"pc", "0x2000"}, {"function", ""}}));
  EXPECT_EQ(json.at("differences").at(0).at("comparison"), "differ");
}

TEST(FramesReport, ListsOnlyWhatIsAskedFor) {
  const Json json = Json::parse(json_text({}, made_up_frames()));
  EXPECT_FALSE(json.contains("list"));
  EXPECT_FALSE(json.at("calls_without_record").contains("list"));
  EXPECT_FALSE(json.contains("differences"));
}

TEST(FramesReport, ShowsEachRowOnce) {
  FramesOptions options;
  options.is_list = true;
  const std::string text = people_text(options, made_up_frames());
  const std::string list =
      "\n0x1000..0x100c work\n  0000000000001000  sp+0 u u\n  0000000000001008  none\n"
      "\ncalls without a record\n  0000000000001004  work+0x4\n  0000000000002000  in no function\n";
  EXPECT_TRUE(text.ends_with(list)) << text;
}

}  // namespace
}  // namespace surefoot::tools
