// SPDX-License-Identifier: MIT
//
// Patches on real calls, from C++ and from C: which version a call enters, and what a walk of it shows.
#include "surefoot/livepatch.hpp"

#include "harness.hpp"
#include "surefoot/c/ftrace.h"
#include "surefoot/c/livepatch.h"

namespace surefoot::testing::live {
namespace {

using livepatch::Outcome;
using livepatch::Patch;
using livepatch::Patches;
using livepatch::Refusal;
using livepatch::Replacement;
using livepatch::Round;
using livepatch::TaskState;

// Of the least that the functions have.
constexpr std::uint64_t code_size = 8;

livepatch::TaskState task;

std::array<Replacement, 1> replace(std::uint64_t old_entry, std::uint64_t new_entry,
                                   std::uint64_t new_size = code_size) {
  return {{{.old_code = {old_entry, old_entry + code_size}, .new_code = {new_entry, new_entry + new_size}}}};
}

const TaskState* current(const Patch&) noexcept { return &task; }

class LiveLivepatch : public LiveTest {
 protected:
  LiveLivepatch() { task = {}; }

  // The one task is at a boundary.
  void finish() {
    Round round = patches.begin_round();
    patches.cross_boundary(task);
    round.add(patches.switch_task(task, {}), 0);
    ASSERT_TRUE(patches.finish(round));
  }

  std::array<Patch*, 2> storage{};
  Patches patches{storage};
  std::array<Replacement, 1> replacements = replace(address_of(traced_leaf), address_of(traced_replacement));
  std::array<std::uint64_t, 1> filter{};
  Patch patch{replacements, filter, current};
};

TEST_F(LiveLivepatch, F2_EntersTheVersionOfTheTask) {
  ASSERT_TRUE(enable(patches, patch));
  EXPECT_EQ(traced_leaf(1), 2U);
  finish();
  EXPECT_EQ(traced_leaf(1), 1001U);
  EXPECT_EQ(release(patches, patch).error().refused.code, Refusal::already_applied);
  ASSERT_TRUE(patches.begin_removal(patch));
  EXPECT_EQ(traced_leaf(1), 1001U);
  finish();
  EXPECT_EQ(traced_leaf(1), 2U);
  EXPECT_TRUE(release(patches, patch));
  EXPECT_EQ(traced_leaf(1), 2U);
}

TEST_F(LiveLivepatch, ShowsTheVersionThatRuns) {
  replacements = replace(address_of(traced_probe), address_of(replacement_probe), 64);
  ASSERT_TRUE(enable(patches, patch));
  finish();
  static LiveTrace trace;
  trace = {};
  on_probe = [] { capture(trace); };
  run([] { traced_probe(); });
  on_probe = nullptr;
  EXPECT_EQ(trace.count, 1U);
  EXPECT_NE(trace.names().find("replacement_probe"), std::string::npos) << trace.names();
  EXPECT_EQ(trace.names().find("traced_probe"), std::string::npos) << trace.names();
  // The trace holds a removal up.
  ASSERT_TRUE(patches.begin_removal(patch));
  EXPECT_EQ(patches.switch_task(task, {trace.frames, trace.verdict}).outcome, Outcome::in_function);
  finish();
  EXPECT_TRUE(release(patches, patch));
}

TEST_F(LiveLivepatch, ChangesNothingWhenTheRuntimeRefuses) {
  replacements = replace(address_of(traced_leaf) + 4, address_of(traced_replacement));
  const auto refused = enable(patches, patch);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().refused.code, Refusal::not_traced);
  EXPECT_EQ(refused.error().tracing, ftrace::PatchError::not_a_patch_site);
  EXPECT_EQ(patches.in_transition(), nullptr);
  const auto not_there = release(patches, patch);
  ASSERT_FALSE(not_there);
  EXPECT_EQ(not_there.error().tracing, ftrace::PatchError::not_registered);
}

// L6: what a tracer calls is not traced, and so not redirected.
TEST_F(LiveLivepatch, L6_LeavesCallsOfATracerToTheImage) {
  static std::uint64_t result;
  ASSERT_TRUE(enable(patches, patch));
  finish();
  const std::uint64_t only[] = {address_of(traced_probe)};
  ftrace::Tracer tracer([](ftrace::Tracer&, ftrace::FtraceFrame&) noexcept { result = traced_leaf(1); }, only);
  {
    const Tracing tracing(tracer);
    traced_probe();
  }
  EXPECT_EQ(result, 2U);
  EXPECT_EQ(traced_leaf(1), 1001U);
  ASSERT_TRUE(patches.begin_removal(patch));
  finish();
  EXPECT_TRUE(release(patches, patch));
}

surefoot_livepatch_task_state task_of_c;

TEST_F(LiveLivepatch, IsDoneFromC) {
  surefoot_livepatch_patches all;
  surefoot_livepatch_patch one;
  surefoot_livepatch_patch* places[1];
  std::uint64_t words[1];
  const surefoot_livepatch_replacement replacement{.old_code = {address_of(traced_leaf), code_size},
                                                   .new_code = {address_of(traced_replacement), code_size},
                                                   .old_parts = nullptr,
                                                   .old_part_count = 0,
                                                   .new_parts = nullptr,
                                                   .new_part_count = 0};
  task_of_c = {};
  const std::span<const std::uint64_t> sites = patch_sites();
  surefoot_ftrace_initialize(sites.data(), sites.size());
  ASSERT_TRUE(surefoot_ftrace_prepare(nullptr));
  surefoot_livepatch_make_patches(places, 1, &all);
  surefoot_livepatch_make_patch(
      &replacement, 1, words, 1, []() -> const surefoot_livepatch_task_state* { return &task_of_c; }, &one);
  ASSERT_TRUE(surefoot_livepatch_enable(&all, &one, nullptr, nullptr));
  EXPECT_EQ(traced_leaf(1), 2U);
  surefoot_livepatch_cross_boundary(&all, &task_of_c);
  EXPECT_EQ(traced_leaf(1), 1001U);
  surefoot_error error;
  EXPECT_FALSE(surefoot_livepatch_release(&all, &one, &error, nullptr));
  EXPECT_EQ(error.code, surefoot_livepatch_already_applied);
  ASSERT_TRUE(surefoot_livepatch_reverse(&all, nullptr));
  surefoot_livepatch_cross_boundary(&all, &task_of_c);
  surefoot_livepatch_round round = surefoot_livepatch_begin_round(&all, nullptr, 0);
  const surefoot_livepatch_finding found{};
  surefoot_livepatch_add(&round, &found, 0);
  ASSERT_TRUE(surefoot_livepatch_finish(&all, &round, nullptr));
  EXPECT_EQ(traced_leaf(1), 2U);
  EXPECT_TRUE(surefoot_livepatch_release(&all, &one, nullptr, nullptr));
  std::uint32_t tracing = 0;
  EXPECT_FALSE(surefoot_livepatch_release(&all, &one, &error, &tracing));
  EXPECT_STREQ(surefoot_patch_error_name(tracing), "not_registered");

  const surefoot_grace_period period = surefoot_ftrace_begin_grace_period();
  const surefoot_execution_state outside{};
  const surefoot_execution_state inside{.returns = nullptr, .in_callback_since = 1};
  EXPECT_TRUE(surefoot_ftrace_is_over_in(&period, &outside));
  EXPECT_FALSE(surefoot_ftrace_is_over_in(&period, &inside));
}

}  // namespace
}  // namespace surefoot::testing::live
