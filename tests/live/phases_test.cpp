// SPDX-License-Identifier: MIT
//
// F8: nothing is registered before every site is prepared. S2: when the other CPUs are made to synchronise.
#include <vector>

#include "far_page.hpp"
#include "harness.hpp"

namespace surefoot::testing::live {
namespace {

using ftrace::GraphTracer;
using ftrace::PatchError;
using ftrace::PatchSite;
using ftrace::SiteMode;
using ftrace::Tracer;

void do_nothing(Tracer&, ftrace::FtraceFrame&) noexcept {}
bool accept(GraphTracer&, ftrace::FtraceFrame&) noexcept { return true; }
void do_nothing_at_exit(GraphTracer&, const ReturnEntry&, ftrace::ReturnFrame&) noexcept {}

/// What a function answers while the program starts: afterwards, the runtime is initialized.
struct BeforeInitialize {
  BeforeInitialize() {
    Tracer tracer(do_nothing);
    GraphTracer graph(accept, do_nothing_at_exit);
    errors = {ftrace::prepare().error(), ftrace::register_tracer(tracer).error(),
              ftrace::register_graph_tracer(graph).error()};
  }
  std::vector<PatchError> errors;
} const before_initialize;

/// Two sites as compiled, which no test executes, beside one of the program.
class LivePhases : public LiveTest {
 protected:
  LivePhases() {
    std::fill_n(page_.words(), 8, nop);
    ftrace::initialize(entries_);
  }

  /// The two words of each site that was made up.
  [[nodiscard]] std::vector<std::uint32_t> words() {
    return {page_.words()[1], page_.words()[2], page_.words()[5], page_.words()[6]};
  }
  void expect_refused(PatchError error) {
    Tracer tracer(do_nothing, only_leaf_);
    EXPECT_EQ(ftrace::register_tracer(tracer).error(), error);
    GraphTracer graph(accept, do_nothing_at_exit, only_leaf_);
    EXPECT_EQ(ftrace::register_graph_tracer(graph).error(), error);
    EXPECT_EQ(traced_leaf(1), 2U);
  }
  static std::uint64_t entry_of_leaf() {
    for (const std::uint64_t entry : patch_sites()) {
      if (PatchSite::make(entry)->function() == address_of(traced_leaf)) return entry;
    }
    return 0;
  }

  FarPage page_;
  const std::uint64_t entries_[3] = {page_.address(1), entry_of_leaf(), page_.address(5)};
  const std::uint64_t only_leaf_[1] = {address_of(traced_leaf)};
};

TEST_F(LivePhases, F8_RefusesEverythingBeforeInitialize) {
  EXPECT_EQ(before_initialize.errors, std::vector<PatchError>(3, PatchError::not_initialized));
}

TEST_F(LivePhases, F8_RefusesATracerBeforePrepare) {
  expect_refused(PatchError::not_prepared);
  EXPECT_EQ(words(), std::vector<std::uint32_t>(4, nop));
}

TEST_F(LivePhases, F8_RefusesATracerAfterAHalfDonePrepareUntilItIsCompleted) {
  page_.words()[5] = breakpoint;
  EXPECT_EQ(ftrace::prepare().error(), PatchError::not_a_patch_site);
  EXPECT_EQ(words(), (std::vector<std::uint32_t>{mov_x9_x30, nop, breakpoint, nop}));
  expect_refused(PatchError::not_prepared);
  page_.words()[5] = nop;
  EXPECT_TRUE(ftrace::prepare());
  Tracer tracer(do_nothing, only_leaf_);
  Tracing tracing(tracer);
}

TEST_F(LivePhases, F8_RefusesATracerIfALaterPrepareFails) {
  ASSERT_TRUE(ftrace::prepare());
  page_.words()[5] = breakpoint;
  EXPECT_FALSE(ftrace::prepare());
  expect_refused(PatchError::not_prepared);
}

TEST_F(LivePhases, F8_UnregistersWhateverBecameOfTheSites) {
  ASSERT_TRUE(ftrace::prepare());
  Tracer tracer(do_nothing, only_leaf_);
  Tracing tracing(tracer);
  page_.words()[5] = breakpoint;
  EXPECT_FALSE(ftrace::prepare());
  tracing.stop();
  EXPECT_EQ(traced_leaf(1), 2U);
}

TEST_F(LivePhases, F8_WritesNoCallWithoutTheMoveInFrontOfIt) {
  const auto site = PatchSite::make(page_.address(1));
  ASSERT_TRUE(site);
  EXPECT_EQ(site->set_mode(SiteMode::call).error(), PatchError::not_prepared);
  EXPECT_EQ(site->set_mode(SiteMode::call_with_all_registers).error(), PatchError::not_prepared);
  EXPECT_TRUE(site->set_mode(SiteMode::idle));
  EXPECT_EQ(words(), std::vector<std::uint32_t>(4, nop));
}

TEST_F(LivePhases, S2_PrepareSynchronizesOnceAfterEveryMove) {
  std::vector<std::uint32_t> seen;
  port_.on_synchronize = [&] {
    for (const std::uint32_t word : words()) seen.push_back(word);
  };
  ASSERT_TRUE(ftrace::prepare());
  EXPECT_EQ(seen, (std::vector<std::uint32_t>{mov_x9_x30, nop, mov_x9_x30, nop}));
}

TEST_F(LivePhases, S2_RegistrationSynchronizesOnceAfterItsLastChange) {
  ftrace::initialize(patch_sites());
  ASSERT_TRUE(ftrace::prepare());
  const std::uint64_t first = PatchSite::make(patch_sites().front())->call_at();
  const std::uint64_t last = PatchSite::make(patch_sites().back())->call_at();
  std::vector<bool> calls;
  port_.on_synchronize = [&] { calls.insert(calls.end(), {word_at(first) != nop, word_at(last) != nop}); };
  Tracer tracer(do_nothing);
  ASSERT_TRUE(ftrace::register_tracer(tracer));
  EXPECT_EQ(calls, (std::vector<bool>{true, true}));
  ASSERT_TRUE(ftrace::unregister_tracer(tracer));
  EXPECT_EQ(calls, (std::vector<bool>{true, true, false, false}));
  GraphTracer graph(accept, do_nothing_at_exit);
  ASSERT_TRUE(ftrace::register_graph_tracer(graph));
  ASSERT_TRUE(ftrace::unregister_graph_tracer(graph));
  EXPECT_EQ(calls, (std::vector<bool>{true, true, false, false, true, true, false, false}));
}

TEST_F(LivePhases, RefusesToRegisterTwice) {
  ASSERT_TRUE(ftrace::prepare());
  Tracer tracer(do_nothing, only_leaf_);
  EXPECT_EQ(ftrace::unregister_tracer(tracer).error(), PatchError::not_registered);
  Tracing tracing(tracer);
  EXPECT_EQ(ftrace::register_tracer(tracer).error(), PatchError::already_registered);
  tracing.stop();
  EXPECT_EQ(ftrace::unregister_tracer(tracer).error(), PatchError::not_registered);
}

TEST_F(LivePhases, RefusesASecondGraphTracer) {
  ASSERT_TRUE(ftrace::prepare());
  GraphTracer graph(accept, do_nothing_at_exit, only_leaf_);
  GraphTracer other(accept, do_nothing_at_exit, only_leaf_);
  EXPECT_EQ(ftrace::unregister_graph_tracer(graph).error(), PatchError::not_registered);
  Tracing tracing(graph);
  EXPECT_EQ(ftrace::register_graph_tracer(graph).error(), PatchError::already_registered);
  EXPECT_EQ(ftrace::register_graph_tracer(other).error(), PatchError::already_registered);
  EXPECT_EQ(ftrace::unregister_graph_tracer(other).error(), PatchError::not_registered);
}

}  // namespace
}  // namespace surefoot::testing::live
