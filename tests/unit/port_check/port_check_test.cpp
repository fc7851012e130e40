// SPDX-License-Identifier: MIT
//
// The check of a port: nothing is found in a kernel that is right, and each thing that is wrong is told by its name.
#include "surefoot/port_check.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "scene.hpp"
#include "support/layouts.hpp"
#include "surefoot/print.hpp"

namespace surefoot::testing {
namespace {

std::vector<PortCase> all_cases() {
  std::vector<PortCase> all;
  for (const auto& cases : {region_cases(), vector_cases(), code_cases(), task_cases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

std::string case_name(const ::testing::TestParamInfo<PortCase>& info) { return info.param.name; }

class PortCheckOf : public ::testing::TestWithParam<PortCase> {};

TEST_P(PortCheckOf, NamesIt) {
  PortScene scene;
  const std::vector<PortFinding> expected = GetParam().spoil(scene);
  const PortResult result = scene.check();
  EXPECT_EQ(text(expected), text(scene.findings));
  EXPECT_EQ(result.found, expected.size());
  std::size_t errors = 0;
  std::size_t unchecked = 0;
  for (const PortFinding& finding : expected) {
    errors += severity_of(finding.problem) == PortSeverity::error ? 1U : 0U;
    unchecked += severity_of(finding.problem) == PortSeverity::unchecked ? 1U : 0U;
  }
  EXPECT_EQ(result.errors, errors);
  EXPECT_EQ(result.unchecked, unchecked);
  EXPECT_EQ(result.is_good(), errors + unchecked == 0);
}

INSTANTIATE_TEST_SUITE_P(PortCheck, PortCheckOf, ::testing::ValuesIn(all_cases()), case_name);

TEST(PortCheck, HasACaseForEachProblem) {
  std::set<PortProblem> seen;
  for (const PortCase& one : all_cases()) {
    PortScene scene;
    for (const PortFinding& finding : one.spoil(scene)) seen.insert(finding.problem);
  }
  for (unsigned i = 0; i < port_problem_count; ++i) {
    EXPECT_EQ(seen.count(static_cast<PortProblem>(i)), 1U) << to_string(static_cast<PortProblem>(i));
  }
}

// What is right, in all the forms that it may have: nothing is found.
void expect_nothing(const char* what, void (*change)(PortScene&)) {
  SCOPED_TRACE(what);
  PortScene scene;
  change(scene);
  const PortResult result = scene.check();
  EXPECT_EQ(text(scene.findings), "");
  EXPECT_EQ(result.found, 0U);
  EXPECT_TRUE(result.is_good());
}

TEST(PortCheck, FindsNothingInAKernelThatIsRight) {
  using namespace a64;
  expect_nothing("as it is", [](PortScene&) {});
  expect_nothing("patch sites as the compiler leaves them",
                 [](PortScene& scene) { scene.put(place::patchable, {bti_c, nop, nop}); });
  expect_nothing("prepared patch sites",
                 [](PortScene& scene) { scene.put(place::patchable, {bti_c, mov_x9_x30, nop}); });
  expect_nothing("a call of tracers that is off", [](PortScene& scene) { scene.put(place::ftrace_call, {nop, nop}); });
  expect_nothing("a signed kernel with its mask", [](PortScene& scene) {
    scene.facts.system_control |= std::uint64_t{3} << 30;
    scene.description.pac = PointerAuthMask::for_address_bits(48);
  });
  expect_nothing("tags in the top byte",
                 [](PortScene& scene) { scene.description.tags = AddressTagMask::for_top_byte(); });
  expect_nothing("no signing code, and the control register is not told", [](PortScene& scene) {
    scene.code(place::pushing) = nop;
    scene.facts.system_control = 0;
  });
  expect_nothing("untyped records", [](PortScene& scene) {
    scene.description.exception = linux_6_1_layout;
    scene.special_at(place::handler_call).rule = {.pc = From::exception_frame};
    scene.final_word(0, 2) = 0x77;
    scene.final_word(1, 2) = 0x77;
  });
  expect_nothing("witnesses that have what they need", [](PortScene& scene) {
    scene.description.witnesses = Witnesses({.call_site = true, .call_target = true, .frame_table_chain = true});
  });
  expect_nothing("a CPU whose stacks two tasks share", [](PortScene& scene) {
    scene.at_last = [](PortScene& made) { made.tasks[1].cpu_stacks = made.tasks[0].cpu_stacks; };
  });
  expect_nothing("functions of the frame table that are no text", [](PortScene& scene) {
    scene.functions.push_back({.start = scene.text(place::far_away), .size = 4, .rows = {{0, Base::sp, {0}}}});
  });
  expect_nothing("a kernel that is not traced", [](PortScene& scene) {
    scene.patch_entries.clear();
    scene.special_at(place::return_to_handler).kind = SpecialKind::other;
    for (auto& stacks : scene.return_stacks) stacks.clear();
  });
  expect_nothing("regions that are named and are in the map",
                 [](PortScene& scene) { scene.at_last = [](PortScene& made) { made.facts.regions = made.regions; }; });
  expect_nothing("sp that becomes what no row can count", [](PortScene& scene) {
    scene.put(place::subtracting, {sub_sp_48, store_pair_at_32, add_x29_sp_32, bl_next, load_pair_at_32, mov_sp_x29});
  });
  expect_nothing("a row that begins behind a branch", [](PortScene& scene) { scene.put(place::subtracting, {ret}); });
}

TEST(PortCheck, IsNotHeldUpByNotes) {
  PortScene scene;
  scene.return_stacks[0].clear();
  const PortResult result = scene.check();
  EXPECT_EQ(result.found, 1U);
  EXPECT_TRUE(result.is_good());
}

TEST(PortCheck, CountsWhatTheBufferHasNoRoomFor) {
  for (const std::size_t room : {0U, 1U, 3U, 15U, 16U}) {
    PortScene scene;
    scene.special.erase(scene.special.begin());
    const PortResult result = scene.check(room);
    EXPECT_EQ(result.found, 16U);
    EXPECT_EQ(result.errors, 8U);
    ASSERT_EQ(scene.findings.size(), room);
    for (std::size_t i = 0; i < room; ++i) EXPECT_EQ(scene.findings[i].index, i);
  }
}

// All that is wrong is told at once.
TEST(PortCheck, GoesOnBehindWhatIsWrong) {
  PortScene scene;
  scene.description.exception.size = 7;
  scene.facts.vectors = 0;
  scene.move_frame_table(4);
  scene.final_records[1] = 0;
  const PortResult result = scene.check();
  EXPECT_EQ(result.found, 4U);
  EXPECT_EQ(text(scene.findings),
            text({found(PortProblem::kernel_refused, 0, 0, static_cast<unsigned>(KernelFault::bad_frame_size)),
                  found(PortProblem::no_vectors),
                  found(PortProblem::frame_table_of_other_code, 0, scene.text(place::pushing + 4)),
                  found(PortProblem::no_final_record, 1)}));
}

// The table of another link: each distance by which it may be wrong.
TEST(PortCheck, TellsAFrameTableThatIsMoved) {
  for (std::int64_t by = -0x800; by < 0x600; by += 4) {
    if (by == 0) continue;
    SCOPED_TRACE(by);
    PortScene scene;
    scene.move_frame_table(by);
    EXPECT_EQ(scene.check().errors, 1U);
    ASSERT_EQ(scene.findings.size(), 1U);
    EXPECT_EQ(scene.findings[0].problem, PortProblem::frame_table_of_other_code);
  }
}

TEST(PortCheck, PrintsOneFindingALine) {
  const std::vector<PortFinding> findings{
      found(PortProblem::vector_not_special, 5, 0x4020'0a80),
      found(PortProblem::code_map_refused, 1, 0x4028'0000, static_cast<unsigned>(CodeMapFault::overlapping_regions)),
      found(PortProblem::no_frame_table), found(PortProblem::no_task)};
  EXPECT_EQ(text(findings),
            "port: error vector_not_special index=5 address=0x0000000040200a80\n"
            "port: error code_map_refused index=1 address=0x0000000040280000 fault=overlapping_regions\n"
            "port: note no_frame_table index=0 address=0x0000000000000000\n"
            "port: unchecked no_task index=0 address=0x0000000000000000\n");
}

TEST(PortCheck, NamesWhatIsNoEnumeratorUnknown) {
  EXPECT_STREQ(to_string(static_cast<PortProblem>(port_problem_count)), "unknown");
  EXPECT_STREQ(to_string(static_cast<PortSeverity>(3)), "unknown");
  EXPECT_EQ(severity_of(static_cast<PortProblem>(200)), PortSeverity::error);
  EXPECT_STREQ(fault_name(found(PortProblem::kernel_refused, 0, 0, 200)), "unknown");
  EXPECT_STREQ(fault_name(found(PortProblem::no_vectors, 0, 0, 1)), "");
}

}  // namespace
}  // namespace surefoot::testing
