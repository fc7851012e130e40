// SPDX-License-Identifier: MIT
//
// A dump as text: whole texts, then what each line has to keep to whatever is in the dump.
#include <gtest/gtest.h>

#include "linux/made_up_dump.hpp"
#include "vmcore_report/safe_name.hpp"
#include "vmcore_report/text.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::doubted;
using surefoot::testing::report_of;
using surefoot::testing::task_of;

// A task that page faults in the middle of its stack.
TaskTrace interrupted_task() {
  TaskTrace trace = task_of(412, "uffd_read", {"__switch_to", "handle_fault", "copy_from_user", "ksys_read"});
  trace.frames[2].frame.kind = CodeAddress::Kind::exact;
  trace.frames[2].frame.source = Source::exception_frame;
  trace.frames[2].frame.evidence = EvidenceBit::crossed_exception;
  trace.frames[3].frame.source = Source::link_register;
  trace.frames[1].module = "uffd";
  trace.verdict.evidence = EvidenceBit::crossed_exception;
  trace.exceptions.push_back({.frame = 2,
                              .at = 0xffff'8000'8123'3000,
                              .pc = 0xffff'8000'8001'0300,
                              .fp = 0,
                              .sp = 0xffff'8000'8123'3b00,
                              .lr = 0xffff'8000'8001'0400,
                              .pstate = 0x2000'0005});
  return trace;
}

std::string whole_text(const DumpReport& report, bool is_summary = false, bool has_colour = false) {
  return text_of(report, summarize(report), {.has_colour = has_colour, .is_summary = is_summary});
}

TEST(DumpText, ShowsADumpAsPeopleKnowIt) {
  DumpReport report = report_of({interrupted_task(), doubted(task_of(500, "cat", {"schedule", "", "vfs_read"}),
                                                             EvidenceBit::not_text, 1, StopReason::off_stack)});
  report.facts.warnings = {"3 pages are missing"};
  report.tasks[0].notes = {"a note"};
  EXPECT_EQ(whole_text(report), R"(     DUMP: vmcore  (ELF)
  RELEASE: 6.12.0-arm64
  VERSION: #1 SMP
 BUILD ID: 0123abcd
     CPUS: 2
    PAGES: 4 KiB, 48-bit addresses
    SLIDE: 0x10000000
 PAC MASK: 0xff00000000000000
   POLICY: exact
  WARNING: 3 pages are missing

PID: 412      TASK: ffff0000c5a4b900  CPU: 1    STATE: S  COMMAND: "uffd_read"
 #0 [ffff800080010100] __switch_to+0x10/0x40
 #1 [ffff800080010200] handle_fault+0x10/0x40 [uffd]
    --- exception: pc ffff800080010300 lr ffff800080010400 sp ffff800081233b00 pstate 20000005 ---
 #2 [ffff800080010300] copy_from_user+0x10/0x40  exception_frame  [crossed_exception]
 #3 [ffff800080010400] ksys_read+0x10/0x40  link_register
    note: a note
 => reliable (exact)

PID: 500      TASK: ffff0000c5a4b900  CPU: 1    STATE: S  COMMAND: "cat"
 #0 [ffff800080010100] schedule+0x10/0x40
 #1 [ffff800080010200] ? -  [not_text]
 #2 [ffff800080010300] ? vfs_read+0x10/0x40
 => unreliable (exact): not_text; stopped: off_stack at 0xffff800081233eb0

    TASKS: 2, reliable 1 (50.0 %), unreliable 1 (50.0 %)
        1  not_text: an address is not in the kernel's code, so it was overwritten or is no address
        1  off_stack: a frame pointer leads outside of every stack of the task
)");
}

TEST(DumpText, SummarizesWithoutTraces) {
  const DumpReport report = report_of({task_of(1, "init", {"schedule", "do_wait"}), task_of(2, "a", {"do_wait"}),
                                       task_of(3, "b", {"schedule", "do_select"})});
  const std::string text = whole_text(report, true);
  EXPECT_EQ(text.find("PID:"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with(R"(
    TASKS: 3, reliable 3 (100.0 %), unreliable 0 (0.0 %)
   STATES: S 3
     ENDS: final_record 3
      TOP: tasks by the first function below the scheduler
        2  do_wait
        1  do_select
)")) << text;
}

TEST(DumpText, NamesEvidenceAgainstATraceOnlyInItsVerdict) {
  TaskTrace trace = interrupted_task();
  EXPECT_NE(text_of(trace, false).find("\n => reliable (exact)\n"), std::string::npos);
  trace.verdict.policy = Policy::strict;
  trace = doubted(trace, EvidenceBit::crossed_exception | EvidenceBit::changed_stack, 3);
  const std::string text = text_of(trace, false);
  EXPECT_TRUE(text.ends_with("\n => unreliable (strict): crossed_exception\n")) << text;
}

TEST(DumpText, SaysThatATaskHasNoStack) {
  TaskTrace trace = task_of(9, "zombie", {});
  trace.verdict.stop = StopReason::no_stack;
  const std::string text = text_of(trace, false);
  EXPECT_TRUE(text.ends_with("\n => reliable (exact): no_stack\n")) << text;
}

TEST(DumpText, MarksTheTasksThatAreOnACpu) {
  TaskTrace trace = task_of(9, "busy", {"work"});
  trace.task.is_running = true;
  EXPECT_NE(text_of(trace, false).find("COMMAND: \"busy\"  (running)\n"), std::string::npos);
}

TEST(DumpText, ShowsAnExceptionWhoseInterruptedFrameIsMissing) {
  TaskTrace trace = interrupted_task();
  trace.frames.resize(2);
  trace.exceptions.front().frame = 4'000'000'000;
  const std::string text = text_of(trace, false);
  EXPECT_NE(text.find("handle_fault+0x10/0x40 [uffd]\n    --- exception: pc "), std::string::npos) << text;
}

TEST(DumpText, FoldsARecursionButNoExceptionInIt) {
  TaskTrace trace = task_of(9, "deep", std::vector<std::string>(100, "again"));
  for (NamedFrame& frame : trace.frames) frame.frame.pc = surefoot::testing::text_at;
  EXPECT_NE(text_of(trace, false).find("\n ... #1 to #99 repeat #0 to #0\n => "), std::string::npos);
  trace.exceptions.push_back({.frame = 50});
  const std::string text = text_of(trace, false);
  EXPECT_NE(text.find("\n    --- exception: "), std::string::npos) << text;
  EXPECT_NE(text.find("\n ... #51 to #99 repeat #50 to #50\n => "), std::string::npos) << text;
}

TEST(DumpText, IsColouredOnlyWhereThatIsWanted) {
  const DumpReport report =
      report_of({interrupted_task(), doubted(task_of(5, "a", {"f", "g"}), EvidenceBit::not_text, 1)});
  EXPECT_EQ(whole_text(report).find('\x1b'), std::string::npos);
  const std::string text = whole_text(report, false, true);
  for (const char* part : {"\x1b[32mreliable\x1b[0m", "\x1b[31munreliable\x1b[0m", "\x1b[33m[crossed_exception]\x1b[0m",
                           "\x1b[2m[ffff800080010100]\x1b[0m", "\x1b[31m?\x1b[0m g+", "\x1b[33mnot_text\x1b[0m"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

// Names are bytes of the dump: none may begin a line, pass for a mark, or lead the terminal.
TEST(DumpText, KeepsHostileNamesInTheirLines) {
  const std::string evil = "x\n => reliable (exact)\r\x1b[2J\x9b\"\\  y";
  DumpReport report = report_of({task_of(1, evil, {evil, "? f"})});
  report.tasks[0].frames[0].module = evil;
  report.tasks[0].task.state = '\x1b';
  report.tasks[0].notes = {evil};
  report.facts.release = report.facts.machine = report.facts.file = report.facts.format = report.facts.build_id = evil;
  report.facts.warnings = {evil};
  const std::string text = whole_text(report, false) + whole_text(report, true);
  for (const char character : text) {
    EXPECT_TRUE(character == '\n' || (character >= ' ' && character <= '~')) << static_cast<int>(character);
  }
  EXPECT_EQ(text.find("\n => reliable"), text.rfind("\n => reliable")) << text;
  EXPECT_NE(text.find(R"(COMMAND: "x\x0a => reliable (exact)\x0d\x1b[2J\x9b\x22\x5c\x20\x20y")"), std::string::npos)
      << text;
  EXPECT_NE(text.find(R"(\x3f f+0x10)"), std::string::npos) << text;
}

TEST(SafeName, SpellsWhatIsNoPlainCharacter) {
  EXPECT_EQ(safe_name(""), "");
  EXPECT_EQ(safe_name("kworker/0:1 x"), "kworker/0:1 x");
  EXPECT_EQ(safe_name(std::string("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(safe_name("\xc3\xa9"), "\\xc3\\xa9");
  EXPECT_EQ(quoted_name("\\x0a\n\""), "\"\\x5cx0a\\x0a\\x22\"");
  EXPECT_EQ(quoted_name(""), "\"\"");
}

}  // namespace
}  // namespace surefoot::tools
