// SPDX-License-Identifier: MIT
//
// What single lines of a log are understood as.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "decode/clean.hpp"
#include "decode/log_line.hpp"

namespace surefoot::tools {
namespace {

const char* name_of(Role role) {
  switch (role) {
    case Role::exact: return "exact";
    case Role::return_address: return "return";
    case Role::unsaid: return "unsaid";
  }
  return "";
}

std::string text_of(const LoggedAddress& address) {
  std::string text = address.value ? fmt::format("{:#x}", *address.value) : "-";
  if (address.place) {
    const NamedPlace& place = *address.place;
    text += fmt::format(" {}+{:#x}/{:#x}", place.name, place.offset, place.size);
    if (!place.module.empty()) text += fmt::format(" [{}]", place.module);
    if (!place.build_id.empty()) text += fmt::format(" {}", place.build_id);
  }
  return text + " " + name_of(address.role);
}

struct Case {
  const char* text;
  LineKind kind;
  std::vector<std::string> addresses = {};
};

const Case cases[] = {
    // Surefoot's own.
    {"  #2  0x0000000040081234  net::send+0x34/0x80  frame_record",
     LineKind::frame,
     {"0x40081234 net::send+0x34/0x80 return"}},
    {"  #0  0x0000000040081234  net::send+0x34/0x80  start",
     LineKind::frame,
     {"0x40081234 net::send+0x34/0x80 unsaid"}},
    {"  #0  0x0000000040081234  ? f(int, char const*)+0x34/0x80  exception_frame  [crossed_exception]",
     LineKind::frame,
     {"0x40081234 f(int, char const*)+0x34/0x80 exact"}},
    {"  #10  0x0000000040081234  -  frame_record", LineKind::frame, {"0x40081234 return"}},
    {"  #0  0x0000000040081234  operator+0x4+0x8/0x10  frame_record",
     LineKind::frame,
     {"0x40081234 operator+0x4+0x8/0x10 return"}},
    {"noise!  #1  0x0000000040081234  f+0x34/0x80  frame_record", LineKind::frame, {"0x40081234 f+0x34/0x80 return"}},
    // Cut in the name: the address is whole.
    {"  #1  0x0000000040081234  net::se", LineKind::frame, {"0x40081234 unsaid"}},
    // Cut in the address: it is another one.
    {"  #1  0x000000004008123", LineKind::other},
    {"  #1", LineKind::other},
    {"  ...  #3 to #198 repeat #1 to #2", LineKind::repeat},
    {"  stop  0x0000000040091000  off_stack", LineKind::stop},
    {"  stop  0x0000000040091000  of", LineKind::other},
    {"x policy=strict verdict=unreliable stop=off_stack evidence=none frames=7", LineKind::verdict},
    {"policy=strict verdict=", LineKind::other},
    {"port: error vector_not_special index=5 address=0x0000000040200a80", LineKind::finding, {"0x40200a80 exact"}},
    {"---[ surefoot: panic: any reason ]---", LineKind::panic_begins},
    {"Exception: data abort: write to 0x10", LineKind::exception},
    {"  [1] f returns to 0x0000000040201300 g+0x34/0x90  key 0x1  hook 0x2",
     LineKind::mention,
     {"0x40201300 g+0x34/0x90 return"}},
    {"pc : 0x0000000040201234 net::send+0x14/0x80",
     LineKind::program_counter,
     {"0x40201234 net::send+0x14/0x80 exact"}},
    {"lr : 0x0000000040201300 net::poll+0x34/0x90", LineKind::mention, {"0x40201300 net::poll+0x34/0x90 return"}},
    // Linux's.
    {"Call trace:", LineKind::trace_begins},
    {"pc : send+0x1c/0x90", LineKind::program_counter, {"- send+0x1c/0x90 exact"}},
    {"pc : send+0x1c/0x90 [driver]", LineKind::program_counter, {"- send+0x1c/0x90 [driver] exact"}},
    {"lr : send+0x1c/0x90", LineKind::mention, {"- send+0x1c/0x90 return"}},
    {"pc : [<ffff800080012345>] lr : [<ffff800080012345>] pstate: 1",
     LineKind::program_counter,
     {"0xffff800080012345 exact"}},
    {" send+0x1c/0x90", LineKind::linux_frame, {"- send+0x1c/0x90 return"}},
    {" send+0x1c/0x90 [driver]", LineKind::linux_frame, {"- send+0x1c/0x90 [driver] return"}},
    {" send+0x1c/0x90 [driver 0123abcd]", LineKind::linux_frame, {"- send+0x1c/0x90 [driver] 0123abcd return"}},
    {" send+0x1c/0x90 (P)", LineKind::linux_frame, {"- send+0x1c/0x90 exact"}},
    {" send+0x1c/0x90 [driver] (CF)", LineKind::linux_frame, {"- send+0x1c/0x90 [driver] return"}},
    {" send.isra.0+0x1c/0x90", LineKind::linux_frame, {"- send.isra.0+0x1c/0x90 return"}},
    {"[<0>] send+0x1c/0x90", LineKind::linux_frame, {"- send+0x1c/0x90 return"}},
    {"[<ffff800080012345>] send+0x1c/0x90", LineKind::linux_frame, {"0xffff800080012345 send+0x1c/0x90 return"}},
    {"[<ffff800080012345>] (no name)", LineKind::other},
    {"WARNING: CPU: 0 PID: 1 at net/core.c:12 send+0x1c/0x90", LineKind::mention, {"- send+0x1c/0x90 exact"}},
    {"#0: ffff (lock){+.+.}, at: take+0x10/0x40, then: give+0x4/0x8",
     LineKind::mention,
     {"- take+0x10/0x40 return", "- give+0x4/0x8 return"}},
    {"Code: d503233f a9bf7bfd (b9000000)", LineKind::code},
    {"Code: bad PC value", LineKind::other},
    {"Code: 89 e5 5d c3", LineKind::other},
    {"vmlinux BUILD-ID=0123456789abcdef0123456789abcdef01234567", LineKind::build_id},
    // A return address behind the last instruction.
    {" send+0x90/0x90", LineKind::linux_frame, {"- send+0x90/0x90 return"}},
    {" send+0x94/0x90", LineKind::other},
    {" send+0x1c/", LineKind::other},
    {" send+0x1c", LineKind::other},
    {" +0x1c/0x90", LineKind::other},
    // Others'.
    {"#0 0x0000000040281234", LineKind::plain_frame, {"0x40281234 unsaid"}},
    {"     0: fp: 0x000000004001f380 lr: 0x00000000400027b4", LineKind::plain_frame, {"0x400027b4 unsaid"}},
    {"backtrace| 0: 0x40280ac4 0x402801bc", LineKind::plain_frame, {"0x40280ac4 unsaid", "0x402801bc unsaid"}},
    {"[ 2] [<0x40280ac4>] up_backtrace+0x10/0x20", LineKind::plain_frame, {"0x40280ac4 up_backtrace+0x10/0x20 unsaid"}},
    {"ELR_ELn: 0x0000000040001234", LineKind::plain_frame, {"0x40001234 exact"}},
    {"0x40281234 is an address", LineKind::other},
    {"#0 is the first", LineKind::other},
    {"", LineKind::other},
    {"net: 3 packets", LineKind::other},
};

TEST(LogLine, IsUnderstoodByItsText) {
  for (const Case& each : cases) {
    SCOPED_TRACE(each.text);
    const LogLine line = parse_line(each.text);
    EXPECT_EQ(static_cast<int>(line.kind), static_cast<int>(each.kind));
    std::vector<std::string> addresses;
    for (const LoggedAddress& address : line.addresses) addresses.push_back(text_of(address));
    EXPECT_EQ(addresses, each.addresses);
  }
}

TEST(LogLine, TellsDoubtAndEvidenceOfAFrame) {
  const LogLine line = parse_line("  #7  0x0000000040081234  ? f+0x34/0x80  frame_record  [not_text,ftrace_call]");
  EXPECT_EQ(line.index, 7u);
  EXPECT_TRUE(line.is_doubtful);
  EXPECT_EQ(line.evidence, Evidence(EvidenceBit::not_text));
}

TEST(LogLine, TellsAllOfAVerdict) {
  const LogLine line =
      parse_line("policy=exact verdict=unreliable stop=off_stack evidence=crossed_exception,not_text frames=7");
  EXPECT_EQ(line.verdict.policy, Policy::exact);
  EXPECT_FALSE(line.verdict.is_reliable);
  EXPECT_EQ(line.verdict.stop, StopReason::off_stack);
  EXPECT_EQ(line.verdict.evidence, EvidenceBit::crossed_exception | EvidenceBit::not_text);
}

TEST(LogLine, KnowsEachNameThatTheLibraryPrints) {
  for (unsigned i = 0; i < stop_reason_count; ++i) {
    const auto reason = static_cast<StopReason>(i);
    const std::string text = fmt::format("  stop  0x0000000000000000  {}", to_string(reason));
    EXPECT_EQ(parse_line(text).verdict.stop, reason) << text;
  }
  for (unsigned i = 0; i < evidence_bit_count; ++i) {
    const auto bit = static_cast<EvidenceBit>(1U << i);
    const std::string text = fmt::format("  #0  0x0000000000000000  -  start  [{}]", to_string(bit));
    EXPECT_EQ(parse_line(text).evidence, Evidence(bit)) << text;
  }
}

TEST(LogLine, MarksTheWordAtThePc) {
  const LogLine line = parse_line("Code: d503233f ???????? (b9000000) aa0003e8 12");
  ASSERT_EQ(line.words.size(), 4u);
  EXPECT_EQ(line.words[0].value, 0xd503'233fU);
  EXPECT_FALSE(line.words[1].value);
  EXPECT_TRUE(line.words[2].is_at_pc);
  EXPECT_EQ(line.words[3].value, 0xaa00'03e8U);
}

TEST(LogLine, ReadsTheBuildIdAtTheEndOfLinuxsLineOfTheCpu) {
  const LogLine line =
      parse_line("CPU: 1 PID: 1 Comm: init Not tainted 6.1.0 #1 0123456789abcdef0123456789abcdef01234567");
  EXPECT_EQ(line.build_id, "0123456789abcdef0123456789abcdef01234567");
  EXPECT_EQ(parse_line("CPU: 1 PID: 1 Comm: init Not tainted 6.1.0 #1").build_id, "");
}

TEST(CleanLine, IsWhatAPersonSaw) {
  EXPECT_EQ(clean_line("a\x1b[31mb\x1b[0m\tc\r\n"), "ab c");
  EXPECT_EQ(clean_line("\x1b]0;title\ax\x1b]0;title\x1b\\y"), "xy");
  EXPECT_EQ(clean_line("\x1b"), "");
  EXPECT_EQ(clean_line("\x1b[31"), "");
  EXPECT_EQ(clean_line(std::string_view("a\0b\x7f", 4)), "ab");
  EXPECT_EQ(clean_line("\xc3\xa9"), "\xc3\xa9");
}

TEST(SafeForTerminal, SpellsWhatWouldLeadATerminal) {
  EXPECT_EQ(safe_for_terminal("a\x1b[2Jb\r\n"), "a\\x1b[2Jb\r\n");
  EXPECT_EQ(safe_for_terminal("a\rb\n"), "a\\x0db\n");
  EXPECT_EQ(safe_for_terminal("\x1b[31mred\x1b[0m"), "red");
  EXPECT_EQ(safe_for_terminal("\xc2\x9b"), "\\xc2\\x9b");  // a C1 control
  EXPECT_EQ(safe_for_terminal("\xc3\xa9"), "\xc3\xa9");
  EXPECT_EQ(safe_for_terminal("\xff\t"), "\\xff\t");
}

}  // namespace
}  // namespace surefoot::tools
