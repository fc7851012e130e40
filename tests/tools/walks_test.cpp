// SPDX-License-Identifier: MIT
//
// Walks over code of which a rule is hard to know, with the tables that are derived from it (M1 to M6). A machine runs
// the code, and in front of each instruction a walk has to be right or unreliable; what is right, the machine's own
// account of its calls tells. The same behind each call, from the call.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "walked_image.hpp"

namespace surefoot::tools {
namespace {

using testing::Execution;
using testing::Judgement;
using testing::WalkedImage;
using Places = std::set<std::string>;

struct Case {
  const char* image;
  const char* name;
  std::vector<Execution> runs;
  /// Functions each instruction of which is run.
  std::vector<std::string> wholly;
  /// Functions in which a walk is unreliable somewhere under the exact policy: those without a rule there.
  Places unreliable;
  friend std::ostream& operator<<(std::ostream& out, const Case& test_case) { return out << test_case.name; }
};

constexpr std::uint64_t readable = 0x7000'0000;

const Case cases[] = {
    {"rules/helpers",
     "HelpersThatMoveTheStackPointer",
     {{.function = "has_room"},
      {.function = "has_frame_made"},
      {.function = "has_room_either_way", .x0 = 0},
      {.function = "has_room_either_way", .x0 = 1},
      {.function = "has_some_room", .x0 = 0},
      {.function = "has_some_room", .x0 = 1}},
     {"leaf", "make_room", "has_room", "makes_frame", "has_frame_made", "makes_room_either_way", "has_room_either_way",
      "makes_some_room", "has_some_room"},
     {"leaf", "makes_frame", "makes_room_either_way"}},
    {"rules/outlined_parts",
     "PartsThatGiveTheLocalsBack",
     {{.function = "calls_it", .x0 = 1},
      {.function = "calls_it", .x0 = ~std::uint64_t{0}},
      {.function = "has_dropped_some", .x0 = 0},
      {.function = "has_dropped_some", .x0 = 1}},
     {"calls_it", "ends_elsewhere", "drops_locals", "rest_of_both", "drops_some", "has_dropped_some"},
     {"drops_locals", "drops_some", "rest_of_both"}},
    {"rules/prologues",
     "TheStackPointerOnAnotherStack",
     {{.function = "switches_stack", .x2 = "leaf"}},
     {"switches_stack", "leaf"},
     {}},
    // The NOP becomes a branch; the jump leads to one piece or the other.
    {"rules/patched",
     "AJumpLabel",
     {{.function = "jump_label", .label = 20},
      {.function = "jump_label", .label = 32},
      {.function = "jump_label", .detours = {{0, 44}}}},
     {"jump_label"},
     {}},
    // The load faults.
    {"rules/patched",
     "AFixup",
     {{.function = "fixup", .x0 = readable},
      {.function = "fixup", .x0 = 0},
      {.function = "fixup", .x0 = 1, .detours = {{4, 28}}},
      {.function = "fixup_with_frame", .x0 = readable},
      {.function = "fixup_with_frame", .x0 = 0},
      {.function = "fixup_with_frame", .x0 = 1, .detours = {{12, 28}}}},
     {"fixup", "fixup_with_frame", "stops"},
     {}},
    // The branch becomes a NOP.
    {"rules/patched",
     "AnAlternative",
     {{.function = "alternative"},
      {.function = "alternative", .x0 = readable, .detours = {{0, 4}}},
      {.function = "alternative", .x0 = 0, .detours = {{0, 4}}},
      {.function = "alternative_that_stops"},
      {.function = "alternative_that_stops", .x0 = readable, .detours = {{0, 4}}},
      {.function = "alternative_that_stops", .x0 = 0, .detours = {{0, 4}}}},
     {"alternative", "alternative_that_stops"},
     {}},
    {"rules/patched",
     "ABreakThatIsGoneOnFrom",
     {{.function = "warning", .x0 = 1},
      {.function = "warning", .x0 = 0, .detours = {{24, 28}}},
      {.function = "unknown_behind_a_break", .detours = {{8, 12}}},
      {.function = "allocates", .detours = {{8, 12}}}},
     {"warning", "unknown_behind_a_break", "allocates"},
     {"unknown_behind_a_break"}},
    // The loop ends if the branch at its end does.
    {"rules/noreturn",
     "ATrapThatDoesNotReturn",
     {{.function = "traps_on_a_way", .x0 = 1},
      {.function = "traps_on_a_way", .x0 = 0},
      {.function = "traps_on_a_way", .x0 = 0, .detours = {{32, 36}}}},
     {"traps_on_a_way"},
     {}},
    // Prologues and epilogues that the compiler has made functions of, some of which leave by a tail call.
    {"compiled/outlined_plain",
     "OutlinedFunctions",
     {{.root = "call_all"}},
     {"call_all", "f1", "OUTLINED_FUNCTION_0", "OUTLINED_FUNCTION_1"},
     {"OUTLINED_FUNCTION_1"}},
    {"compiled/outlined_without_cfi",
     "OutlinedFunctionsWithoutCfi",
     {{.root = "call_all"}},
     {"call_all", "f1", "first", "OUTLINED_FUNCTION_0", "OUTLINED_FUNCTION_1", "OUTLINED_FUNCTION_2"},
     {"OUTLINED_FUNCTION_0", "OUTLINED_FUNCTION_2", "first"}},
};

class WalksOf : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(, WalksOf, ::testing::ValuesIn(cases), [](const auto& info) { return info.param.name; });

TEST_P(WalksOf, AreRightOrUnreliable) {
  const WalkedImage image(GetParam().image);
  Places visited;
  Places unreliable;
  for (const Execution& run : GetParam().runs) {
    SCOPED_TRACE(run.function);
    const Judgement judgement = image.judge(run);
    EXPECT_EQ(fmt::format("{}", fmt::join(judgement.false_reliable, "\n")), "");
    EXPECT_EQ(fmt::format("{}", fmt::join(judgement.wild_reads, "\n")), "");
    EXPECT_GT(judgement.calls_reliable, 0u);
    for (const auto& [place, count] : judgement.visited) visited.insert(place);
    for (const auto& [place, count] : judgement.exact_unreliable) unreliable.insert(place.substr(0, place.find('+')));
  }
  for (const std::string& function : GetParam().wholly) {
    for (const std::string& place : image.instructions_of(function)) EXPECT_TRUE(visited.contains(place)) << place;
  }
  EXPECT_EQ(fmt::format("{}", fmt::join(unreliable, " ")), fmt::format("{}", fmt::join(GetParam().unreliable, " ")));
}

// X15: between the two changes of sp, x29 leads from one stack to the other.
TEST(WalksOnAnotherStack, HaveAllFramesUnderStrictToo) {
  const Judgement judgement = WalkedImage("rules/prologues").judge({.function = "switches_stack", .x2 = "leaf"});
  EXPECT_EQ(fmt::format("{}", fmt::join(judgement.strict_without_all, "\n")), "");
  EXPECT_EQ(judgement.visited.count("leaf+0"), 1u);
}

// C12: strict believes no record behind a call that is made before there is one.
TEST(WalksFromCallsWithoutARecord, AreUnreliable) {
  EXPECT_GT(WalkedImage("rules/helpers").judge({.function = "has_frame_made"}).calls_unreliable, 0u);
  // The first call of each of the nine functions.
  EXPECT_EQ(WalkedImage("compiled/outlined_without_cfi").judge({.root = "call_all"}).calls_unreliable, 9u);
}

// The judgement can fail: with the sp that make_room was called with, an array is taken for the caller's record.
TEST(WalksByAWrongRule, AreFoundOut) {
  const WalkedImage image("rules/helpers", [](FunctionRules& derived) {
    if (derived.function.name != "has_room") return;
    for (std::size_t i = 3; i < 6; ++i) derived.rows.rows[i] = derived.rows.rows[2];
  });
  const Judgement judgement = image.judge({.function = "has_room"});
  EXPECT_FALSE(judgement.false_reliable.empty());
  EXPECT_FALSE(judgement.strict_without_all.empty());
}

}  // namespace
}  // namespace surefoot::tools
