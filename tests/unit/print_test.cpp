// SPDX-License-Identifier: MIT
//
// Printed traces, whole: a log is read by people and by scripts.
#include "surefoot/print.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "support/symbol_table.hpp"
#include "support/trace_text.hpp"

namespace surefoot {
namespace {

using testing::from_record;
using testing::from_return_stack;
using testing::from_start;
using testing::interrupted;
using testing::reliable;
using testing::unreliable;
using testing::Walked;

// A sink.
auto append_to(std::string& text) {
  return [&text](std::span<const char> piece) noexcept { text.append(piece.data(), piece.size()); };
}

class PrintTest : public ::testing::Test {
 protected:
  std::vector<std::uint32_t> table = testing::symbol_table(0x4000'0000, {{0x4008'0000, 0x40, "task_entry"},
                                                                         {0x4008'0040, 0x100, "net::receive"},
                                                                         {0x4008'0140, 0x8, "ftrace_call"},
                                                                         {0x4008'0200, 0x20, "net::panic"}});
  PrintOptions options{.symbols = Symbols::make(table, 0x4000'0000).value()};

  std::string printed_trace(const Walked& walked) const {
    std::string text;
    print_trace(Trace{walked.frames, walked.verdict}, options, append_to(text));
    return text;
  }
  std::string printed_verdict(const Walked& walked) const {
    std::string text;
    print_verdict(walked.verdict, walked.frames.size(), Policy::strict, options, append_to(text));
    return text;
  }
};

constexpr std::uint64_t final_at = 0x4009'0ff0;

// Hazard C3 is the second frame: the call of a function that never returns is the last instruction of its caller.
TEST_F(PrintTest, PrintsAReliableTrace) {
  const Walked walked =
      reliable({from_start(0x4008'0204), from_record(0x4008'0140), from_return_stack(0x4008'0038)}, final_at);
  EXPECT_EQ(printed_verdict(walked),
            "policy=strict verdict=reliable stop=final_record evidence=return_address_hooked frames=3");
  EXPECT_EQ(printed_trace(walked), R"(  #0  0x0000000040080204  net::panic+0x4/0x20  start
  #1  0x0000000040080140  net::receive+0x100/0x100  frame_record
  #2  0x0000000040080038  task_entry+0x38/0x40  return_stack  [return_address_hooked]
)");
}

TEST_F(PrintTest, MarksWhatIsDoubtfulAndSaysWhereItStopped) {
  const Walked walked = unreliable(
      {from_start(0x4008'0204), from_record(0x4008'0144, EvidenceBit::in_special_range, SpecialKind::ftrace_call),
       from_record(0x4008'0050),  //
       interrupted(0x1234, Source::exception_frame, EvidenceBit::not_text)},
      {.stop = StopReason::off_stack, .stop_at = 0xffff'8000'4009'2000, .first_doubtful = 1});
  EXPECT_EQ(printed_verdict(walked),
            "policy=strict verdict=unreliable stop=off_stack "
            "evidence=crossed_exception,unknown_interrupted_code,in_special_range,not_text frames=4");
  EXPECT_EQ(printed_trace(walked), R"(  #0  0x0000000040080204  net::panic+0x4/0x20  start
  #1  0x0000000040080144  ? ftrace_call+0x4/0x8  frame_record  [in_special_range,ftrace_call]
  #2  0x0000000040080050  ? net::receive+0x10/0x100  frame_record
  #3  0x0000000000001234  ? -  exception_frame  [crossed_exception,unknown_interrupted_code,not_text]
  stop  0xffff800040092000  off_stack
)");
}

TEST_F(PrintTest, PrintsAnEmptyTrace) {
  const Walked at_the_end = reliable({}, final_at);
  EXPECT_EQ(printed_trace(at_the_end), "");
  EXPECT_EQ(printed_verdict(at_the_end), "policy=strict verdict=reliable stop=final_record evidence=none frames=0");
  const Walked running = unreliable({}, {.stop = StopReason::task_running});
  EXPECT_EQ(printed_trace(running), "  stop  0x0000000000000000  task_running\n");
}

TEST_F(PrintTest, AlignsTheColumnsOfALongTrace) {
  std::vector<Frame> frames;
  for (std::uint64_t i = 0; i < 11; ++i) frames.push_back(from_record(0x4008'0004 + 4 * i));
  const std::string text = printed_trace(reliable(frames, final_at));
  EXPECT_NE(text.find("  #9   0x0000000040080028  task_entry+0x28/0x40  frame_record\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  #10  0x000000004008002c  task_entry+0x2c/0x40  frame_record\n"), std::string::npos) << text;
}

TEST_F(PrintTest, ColoursTheVerdictAndTheMarksIfAsked) {
  options.use_colour = true;
  const Walked good = reliable({from_return_stack(0x4008'0004)}, final_at);
  EXPECT_EQ(printed_verdict(good),
            "policy=strict verdict=\x1b[32mreliable\x1b[0m stop=final_record evidence=return_address_hooked frames=1");
  EXPECT_EQ(printed_trace(good),
            "  #0  0x0000000040080004  task_entry+0x4/0x40  return_stack  \x1b[32m[return_address_hooked]\x1b[0m\n");
  const Walked bad = unreliable({from_start(0x4008'0004)}, {.stop = StopReason::unreadable, .stop_at = 0x8});
  EXPECT_EQ(printed_verdict(bad),
            "policy=strict verdict=\x1b[31munreliable\x1b[0m stop=unreadable evidence=none frames=1");
  EXPECT_EQ(printed_trace(bad),
            "  #0  0x0000000040080004  \x1b[31m?\x1b[0m task_entry+0x4/0x40  start\n"
            "  stop  0x0000000000000008  unreadable\n");
}

TEST_F(PrintTest, PrintsOneFrameForACursor) {
  std::string text;
  print_frame(from_start(0x4008'0004), {.index = 123}, {}, append_to(text));
  EXPECT_EQ(text, "  #123  0x0000000040080004  -  start\n");
}

TEST_F(PrintTest, TakesNamesFromTheTableOfEachFrame) {
  const std::vector<std::uint32_t> module_table = testing::symbol_table(0x5000'0000, {{0x5000'1000, 0x40, "loaded"}});
  const Symbols module = Symbols::make(module_table, 0x5000'0000).value();
  const Walked walked = reliable({from_start(0x5000'1004), from_record(0x4008'0004)}, final_at);
  std::string text;
  print_trace(Trace{walked.frames, walked.verdict}, options, append_to(text),
              [&](const Frame& frame) noexcept { return frame.pc >= 0x5000'0000 ? module : options.symbols; });
  EXPECT_EQ(text, R"(  #0  0x0000000050001004  loaded+0x4/0x40  start
  #1  0x0000000040080004  task_entry+0x4/0x40  frame_record
)");
}

// A symbol table is input: no name makes a second line, another column, a mark, or moves the cursor.
TEST_F(PrintTest, PrintsAnyNameInOneLine) {
  const struct {
    const char* name;
    const char* printed;
  } cases[] = {
      {"a\nb", "a\\x0ab"},
      {"\x1b[2J", "\\x1b[2J"},
      {"tab\there\r", "tab\\x09here\\x0d"},
      {"\x7f\x80\xff", "\\x7f\\x80\\xff"},
      {"operator new", "operator new"},
      {"two  blanks", "two \\x20blanks"},
      {" first", "\\x20first"},
      {"? doubtful", "\\x3f doubtful"},
      {"is_it?", "is_it?"},
      {"a\\b", "a\\b"},
      {"", ""},
  };
  for (const auto& [name, printed] : cases) {
    SCOPED_TRACE(printed);
    const std::vector<std::uint32_t> odd = testing::symbol_table(0x4000'0000, {{0x4008'0000, 0x40, name}});
    options.symbols = Symbols::make(odd, 0x4000'0000).value();
    std::string text;
    print_frame(from_start(0x4008'0004), {}, options, append_to(text));
    EXPECT_EQ(text, "  #0  0x0000000040080004  " + std::string(printed) + "+0x4/0x40  start\n");
  }
}

TEST_F(PrintTest, FoldsARecursion) {
  std::vector<Frame> frames = {from_start(0x4008'0204)};
  frames.insert(frames.end(), 196, from_record(0x4008'0050));
  frames.push_back(from_record(0x4008'0038));
  EXPECT_EQ(printed_trace(reliable(frames, final_at)), R"(  #0    0x0000000040080204  net::panic+0x4/0x20  start
  #1    0x0000000040080050  net::receive+0x10/0x100  frame_record
  ...  #2 to #196 repeat #1
  #197  0x0000000040080038  task_entry+0x38/0x40  frame_record
)");
}

TEST_F(PrintTest, FoldsARecursionThroughOtherFunctions) {
  std::vector<Frame> frames;
  for (int i = 0; i < 4; ++i) {
    frames.push_back(from_record(0x4008'0050));
    frames.push_back(from_record(0x4008'0210));
  }
  frames.push_back(from_record(0x4008'0050));
  EXPECT_EQ(printed_trace(reliable(frames, final_at)),
            R"(  #0  0x0000000040080050  net::receive+0x10/0x100  frame_record
  #1  0x0000000040080210  net::panic+0x10/0x20  frame_record
  ...  #2 to #7 repeat #0 to #1
  #8  0x0000000040080050  net::receive+0x10/0x100  frame_record
)");
}

// What is noticed at a frame, and the first frame in doubt, are never hidden in a repeat.
TEST_F(PrintTest, FoldsOnlyFramesThatArePrintedAlike) {
  std::vector<Frame> frames(7, from_record(0x4008'0050));
  frames[3] = from_return_stack(0x4008'0050);
  EXPECT_EQ(printed_trace(unreliable(frames, {.stop = StopReason::off_stack, .stop_at = 0x8, .first_doubtful = 5})),
            R"(  #0  0x0000000040080050  net::receive+0x10/0x100  frame_record
  ...  #1 to #2 repeat #0
  #3  0x0000000040080050  net::receive+0x10/0x100  return_stack  [return_address_hooked]
  #4  0x0000000040080050  net::receive+0x10/0x100  frame_record
  #5  0x0000000040080050  ? net::receive+0x10/0x100  frame_record
  #6  0x0000000040080050  ? net::receive+0x10/0x100  frame_record
  stop  0x0000000000000008  off_stack
)");
}

// The frames of a trace may lie behind others in the kernel's buffer, and those are no part of it.
TEST(FindRepeat, ReadsNothingBeforeTheTrace) {
  const std::vector<Frame> buffer = {from_record(0x4008'0050), from_record(0x4008'0210), from_record(0x4008'0050),
                                     from_record(0x4008'0210), from_record(0x4008'0038)};
  const Trace trace{std::span(buffer).subspan(2), unreliable({}, {.first_doubtful = 0}).verdict};
  for (std::size_t index = 0; index < trace.frames.size(); ++index) {
    EXPECT_EQ(find_repeat(trace, index).frame_count, 0u) << index;
  }
}

TEST(FindRepeat, LooksForPeriodsOfEightFramesAtMost) {
  for (const std::size_t period : {8u, 9u}) {
    std::vector<Frame> frames;
    for (std::size_t i = 0; i < 3 * period; ++i) frames.push_back(from_record(0x4008'0000 + 4 * (i % period)));
    const Trace trace{frames, unreliable({}, {.first_doubtful = 0}).verdict};
    EXPECT_EQ(find_repeat(trace, period).frame_count, period == 8 ? 16u : 0u);
  }
}

TEST(NumberText, ReachesFromZeroToTheLargestNumber) {
  constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
  detail::NumberText room;
  const auto string_of = [](std::span<const char> text) { return std::string(text.data(), text.size()); };
  EXPECT_EQ(string_of(detail::to_hex(0, 1, room)), "0x0");
  EXPECT_EQ(string_of(detail::to_hex(0, 0, room)), "0x0");
  EXPECT_EQ(string_of(detail::to_hex(0xabc, 5, room)), "0x00abc");
  EXPECT_EQ(string_of(detail::to_hex(largest, 16, room)), "0xffffffffffffffff");
  EXPECT_EQ(string_of(detail::to_decimal(0, room)), "0");
  EXPECT_EQ(string_of(detail::to_decimal(largest, room)), "18446744073709551615");
}

}  // namespace
}  // namespace surefoot
