// SPDX-License-Identifier: MIT
//
// A dump as JSON and as a flame graph, what its tasks have in common, and what the command says by its exit code.
#include <gtest/gtest.h>

#include <bit>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/vmcore_command.hpp"
#include "linux/made_up_dump.hpp"
#include "vmcore_report/flame.hpp"
#include "vmcore_report/json.hpp"

namespace surefoot::tools {
namespace {

using Json = nlohmann::json;
using surefoot::testing::doubted;
using surefoot::testing::report_of;
using surefoot::testing::task_of;

Json json_of(const DumpReport& report) { return Json::parse(json_of(report, summarize(report))); }

// docs/linux-dumps.md shows it.
constexpr const char* whole_object = R"(
{"dump": {"file": "vmcore", "format": "ELF", "release": "6.12.0-arm64", "build_id": "0123abcd",
          "slide": "0x10000000", "pac_mask": "0xff00000000000000", "address_bits": 48, "page_size": 4096, "cpus": 2,
          "warnings": ["3 pages are missing"]},
 "policy": "exact",
 "tasks": [
   {"pid": 412, "tgid": 400, "name": "uffd", "address": "0xffff0000c5a4b900", "state": "S", "cpu": 1,
    "is_running": false, "is_idle": false, "is_user": true, "switches": 7,
    "verdict": {"reliability": "unreliable", "policy": "exact", "stop": "off_stack", "stop_at": "0xffff800081233eb0",
                "evidence": ["crossed_exception", "not_text"], "first_doubtful": 1},
    "frames": [
      {"pc": "0xffff800080010100", "function": "schedule", "offset": 16, "size": 64, "module": "",
       "kind": "return_address", "source": "frame_record", "special": "none", "evidence": [], "is_doubtful": false},
      {"pc": "0xffff800080010200", "function": "f", "offset": 16, "size": 64, "module": "uffd",
       "kind": "return_address", "source": "frame_record", "special": "veneer",
       "evidence": ["crossed_exception", "not_text"], "is_doubtful": true}],
    "exceptions": [
      {"frame": 1, "at": "0x1", "pc": "0x2", "fp": "0x3", "sp": "0x4", "lr": "0x5", "pstate": "0x6"}],
    "notes": ["a note"]}],
 "summary": {"tasks": 1, "reliable": 0, "unreliable": 1, "reasons": {"not_text": 1}, "stops": {"off_stack": 1},
             "top": [{"function": "f", "tasks": 1}]}}
)";

TEST(DumpJson, HasTheFieldsThatProgramsRead) {
  DumpReport report =
      report_of({doubted(task_of(412, "uffd", {"schedule", "f"}),
                         EvidenceBit::crossed_exception | EvidenceBit::not_text, 1, StopReason::off_stack)});
  report.facts.warnings = {"3 pages are missing"};
  TaskTrace& trace = report.tasks.front();
  trace.task.tgid = 400;
  trace.frames[1].module = "uffd";
  trace.frames[1].frame.special = SpecialKind::veneer;
  trace.exceptions.push_back({.frame = 1, .at = 1, .pc = 2, .fp = 3, .sp = 4, .lr = 5, .pstate = 6});
  trace.notes = {"a note"};
  const Json json = json_of(report);
  EXPECT_EQ(json, Json::parse(whole_object));
}

TEST(DumpJson, StaysJsonWhateverATaskIsCalled) {
  const Json json = json_of(report_of({task_of(1, "\xff\"\n", {"\x1b"}), task_of(2, "b", {})}));
  EXPECT_EQ(json.at("tasks").at(0).at("name"), "\uFFFD\"\n");
  EXPECT_EQ(json.at("tasks").at(0).at("frames").at(0).at("function"), "\x1b");
  EXPECT_EQ(json.at("tasks").size(), 2U);
}

TEST(DumpJson, OfNoTasksIsJson) { EXPECT_TRUE(json_of(report_of({})).at("tasks").empty()); }

TEST(DumpSummary, CountsWhatThePolicyDoesNotAccept) {
  const Evidence both = EvidenceBit::crossed_exception | EvidenceBit::not_text;
  DumpReport report = report_of({task_of(1, "a", {"f"}), doubted(task_of(2, "b", {"f"}), both, 0),
                                 doubted(task_of(3, "c", {"f"}), both, 0, StopReason::unreadable)});
  // Accepted in exact, and so no reason.
  report.tasks[0].verdict.evidence = EvidenceBit::crossed_exception;
  const auto crossings = [](const Summary& summary) {
    return summary.reasons[static_cast<std::size_t>(
        std::countr_zero(static_cast<std::uint32_t>(EvidenceBit::crossed_exception)))];
  };
  const Summary exact = summarize(report);
  EXPECT_EQ(exact.tasks, 3U);
  EXPECT_EQ(exact.reliable, 1U);
  EXPECT_EQ(exact.unreliable, 2U);
  EXPECT_EQ(crossings(exact), 0U);
  EXPECT_EQ(
      exact.reasons[static_cast<std::size_t>(std::countr_zero(static_cast<std::uint32_t>(EvidenceBit::not_text)))], 2U);
  EXPECT_EQ(exact.stops[static_cast<std::size_t>(StopReason::unreadable)], 1U);
  EXPECT_EQ(exact.stops[static_cast<std::size_t>(StopReason::final_record)], 2U);
  for (TaskTrace& trace : report.tasks) trace.verdict.policy = Policy::strict;
  EXPECT_EQ(crossings(summarize(report)), 3U);
}

TEST(DumpSummary, CountsTheFunctionsBelowTheScheduler) {
  using Top = std::vector<std::pair<std::string, std::size_t>>;
  const DumpReport report =
      report_of({task_of(1, "a", {"__switch_to", "__schedule", "schedule", "do_wait", "f"}),
                 task_of(2, "b", {"schedule_timeout.constprop.0", "poll"}), task_of(3, "c", {"io_schedule", "do_wait"}),
                 task_of(4, "d", {"schedule"}), task_of(5, "e", {}), task_of(6, "f", {"schedule_tail"}),
                 task_of(7, "g", {"schedule", ""})});
  const Top expected = {{"do_wait", 2}, {"0xffff800080010200", 1}, {"poll", 1}, {"schedule_tail", 1}};
  EXPECT_EQ(summarize(report).top, expected);
}

TEST(DumpFlame, HasAStackForEachTaskBelowItsProcess) {
  TaskTrace thread = task_of(11, "thread", {"schedule", "poll"});
  thread.task.tgid = 10;
  TaskTrace zombie = task_of(12, "gone", {});
  zombie.verdict.stop = StopReason::no_stack;
  TaskTrace idle[2] = {task_of(0, "swapper/0", {"idle"}), task_of(0, "swapper/1", {"idle"})};
  for (TaskTrace& trace : idle) trace.task.is_idle = true;
  TaskTrace module = task_of(13, "mod", {"", "f"});
  for (NamedFrame& frame : module.frames) frame.module = "net";
  const DumpReport report =
      report_of({idle[0], idle[1], task_of(10, "main", {"schedule", "poll"}), thread, zombie, module});
  const StackTree tree = stacks_of(report).value();
  EXPECT_EQ(folded_text(tree),
            "gone;[no stack] 1\nmain;poll;schedule 2\nmod;net!f;net!0xffff800080010100 1\n"
            "swapper/0;idle 1\nswapper/1;idle 1\n");
  EXPECT_EQ(tree.shares.reliable, 6U);
}

TEST(DumpFlame, MarksWhatIsInDoubtAndWhereCallersAreMissing) {
  const DumpReport report =
      report_of({doubted(task_of(1, "a;b", {"f", "g"}), EvidenceBit::not_text, 1, StopReason::off_stack)});
  const StackTree tree = stacks_of(report).value();
  EXPECT_EQ(folded_text(tree), "a:b;? [stopped: off_stack];? g;f 1\n");
  const std::string svg = flame_graph_of(report, tree);
  EXPECT_NE(svg.find("<title>? g (1 tasks, 100.00 %, in doubt)</title>"), std::string::npos) << svg;
  EXPECT_NE(svg.find("1 tasks of Linux 6.12.0-arm64: 0.0 % reliable, 100.0 % unreliable (exact)"), std::string::npos);
  EXPECT_NE(svg.find(">a process</text>"), std::string::npos);
}

TEST(DumpFlame, KeepsNamesFromBeingMarkup) {
  DumpReport report = report_of({task_of(1, "<script>\n", {"<&\x01"})});
  report.facts.release = "</text><script>";
  const std::string svg = flame_graph_of(report, stacks_of(report).value());
  EXPECT_NE(svg.find("&lt;script&gt;\\x0a"), std::string::npos);
  EXPECT_NE(svg.find("&lt;&amp;\\x01"), std::string::npos);
  EXPECT_EQ(svg.find("</text><script>"), std::string::npos);
}

class ShowDump : public ::testing::Test {
 protected:
  ShowDump() { options.dump = "vmcore"; }
  // The exit code; what was printed is in out and err.
  ExitCode show(const DumpReport& report) {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const ExitCode code = show_dump(options, report);
    out = ::testing::internal::GetCapturedStdout();
    err = ::testing::internal::GetCapturedStderr();
    return code;
  }
  static std::string path(const std::string& name) {
    return (std::filesystem::path(::testing::TempDir()) / ("surefoot-vmcore-" + name)).string();
  }

  VmcoreOptions options;
  std::string out;
  std::string err;
};

TEST_F(ShowDump, PrintsTasksByRisingPid) {
  EXPECT_EQ(show(report_of({task_of(20, "b", {"f"}), task_of(3, "a", {"f"})})), ExitCode::ok);
  const std::size_t first = out.find("PID: 3 ");
  EXPECT_NE(first, std::string::npos);
  EXPECT_LT(first, out.find("PID: 20 "));
  EXPECT_EQ(err, "");
}

TEST_F(ShowDump, SaysByItsExitCodeThatSomethingIsMissing) {
  const TaskTrace doubtful = doubted(task_of(1, "a", {"f"}), EvidenceBit::not_text, 0);
  EXPECT_EQ(show(report_of({doubtful})), ExitCode::ok) << "a verdict is no fault of the dump";
  EXPECT_EQ(show(report_of({doubted(doubtful, {}, 0, StopReason::unreadable)})), ExitCode::findings);
  DumpReport report = report_of({task_of(1, "a", {"f"})});
  report.facts.warnings = {"2 pages are missing"};
  EXPECT_EQ(show(report), ExitCode::findings);
  EXPECT_NE(out.find("  WARNING: 2 pages are missing\n"), std::string::npos);
}

TEST_F(ShowDump, RefusesAPidThatNoTaskHas) {
  options.pid = 5;
  EXPECT_EQ(show(report_of({task_of(1, "a", {"f"})})), ExitCode::bad_input);
  EXPECT_EQ(out, "");
  EXPECT_EQ(err, "surefoot: vmcore: no task has the pid 5\n");
  EXPECT_EQ(show(report_of({task_of(1, "a", {"f"}), task_of(5, "b", {"f"})})), ExitCode::ok);
  EXPECT_EQ(out.find("PID: 1 "), std::string::npos);
}

TEST_F(ShowDump, RefusesADumpWithoutTasks) {
  EXPECT_EQ(show(report_of({})), ExitCode::bad_input);
  EXPECT_EQ(err, "surefoot: vmcore: no tasks were found\n");
}

TEST_F(ShowDump, PrintsJsonWithTheSummaryWhateverElseIsAskedFor) {
  options.is_json = options.is_summary = true;
  options.color = "always";
  EXPECT_EQ(show(report_of({task_of(1, "a", {"f"})})), ExitCode::ok);
  const Json json = Json::parse(out);
  EXPECT_EQ(json.at("tasks").size(), 1U);
  EXPECT_EQ(json.at("summary").at("tasks"), 1);
}

TEST_F(ShowDump, WritesTheGraphsThatAreAskedFor) {
  options.flame_output = path("graph.svg");
  options.folded_output = path("folded");
  EXPECT_EQ(show(report_of({task_of(1, "a", {"f"})})), ExitCode::ok);
  std::stringstream svg;
  svg << std::ifstream(options.flame_output).rdbuf();
  EXPECT_TRUE(svg.str().ends_with("</svg>\n"));
  std::stringstream folded;
  folded << std::ifstream(options.folded_output).rdbuf();
  EXPECT_EQ(folded.str(), "a;f 1\n");
  std::filesystem::remove(options.flame_output);
  std::filesystem::remove(options.folded_output);
  options.flame_output = path("missing/graph.svg");
  EXPECT_EQ(show(report_of({task_of(1, "a", {"f"})})), ExitCode::failed);
  EXPECT_EQ(out, "");
  EXPECT_EQ(err, "surefoot: " + options.flame_output + ": cannot be written\n");
  std::filesystem::remove(options.folded_output);
}

}  // namespace
}  // namespace surefoot::tools
