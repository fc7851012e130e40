// SPDX-License-Identifier: MIT
//
// The words at patch sites, and what is refused.
#include "far_page.hpp"
#include "harness.hpp"

extern "C" {
[[gnu::visibility("hidden")]] void ftrace_stub() noexcept;
[[gnu::visibility("hidden")]] void ftrace_call() noexcept;
}

namespace surefoot::testing::live {
namespace {

using ftrace::PatchError;
using ftrace::PatchSite;
using ftrace::SiteMode;
using ftrace::Tracer;

/// The site of a compiled function, whatever entry the compiler wrote for it.
PatchSite site_of(std::uint64_t function) {
  for (const std::uint64_t entry : patch_sites()) {
    const auto site = PatchSite::make(entry);
    if (site && site->function() == function) return *site;
  }
  ADD_FAILURE() << "no patch site";
  return *PatchSite::make(patch_sites()[0]);
}

void do_nothing(Tracer&, ftrace::FtraceFrame&) noexcept {}

using LivePatch = LiveTest;

TEST_F(LivePatch, FindsASiteForEveryFunctionThatWasCompiledWithOne) {
  EXPECT_GE(patch_sites().size(), 17U);
  for (const std::uint64_t entry : patch_sites()) {
    const auto site = PatchSite::make(entry);
    ASSERT_TRUE(site) << symbol_at(entry);
    // The entry point is where the symbol is, before a landing pad if there is one.
    EXPECT_NE(symbol_at(site->function()), symbol_at(site->function() - 4));
    EXPECT_EQ(symbol_at(site->function()), symbol_at(site->call_at()));
  }
}

TEST_F(LivePatch, GivesAWalkEachSiteUpToItsCallAndNoFurther) {
  const auto sites = ftrace::patch_sites();
  ASSERT_TRUE(sites);
  for (const std::uint64_t entry : patch_sites()) {
    const auto site = PatchSite::make(entry);
    ASSERT_TRUE(site);
    SCOPED_TRACE(symbol_at(site->function()));
    EXPECT_TRUE(sites->contains(site->call_at() - 4));
    EXPECT_TRUE(sites->contains(site->call_at()));
    EXPECT_FALSE(sites->contains(site->call_at() + 4));
    EXPECT_FALSE(sites->contains(site->function() - 4));
  }
}

// Read before main(), and so before any tracer.
const std::uint32_t ftrace_call_as_linked = word_at(address_of(ftrace_call));

TEST_F(LivePatch, CallsTheStubFromTheBeginning) {
  const std::uint64_t distance = address_of(ftrace_stub) - address_of(ftrace_call);
  EXPECT_EQ(ftrace_call_as_linked, bl | (distance >> 2 & 0x03ff'ffff));
  EXPECT_EQ(word_at(address_of(ftrace_call)), ftrace_call_as_linked) << "with no tracer left";
}

// Interrupted in it, a walk would take the trace for a plain function's.
TEST_F(LivePatch, CallsAStubThatIsSpecialCodeWhileNobodyTraces) {
  const std::uint64_t start = address_of(ftrace_stub);
  const SpecialRanges ranges = SpecialRanges::linked().value();
  for (std::uint64_t pc = start; word_at(pc - 4) != ret || pc == start; pc += 4) {
    EXPECT_EQ(ranges.find(pc).kind, SpecialKind::ftrace_trampoline) << "ftrace_stub+" << pc - start;
  }
}

TEST_F(LivePatch, LeavesOtherFunctionsAsTheyAre) {
  const std::uint64_t only[] = {address_of(traced_leaf)};
  Tracer tracer(do_nothing, only);
  Tracing tracing(tracer);
  EXPECT_EQ(word_at(site_of(address_of(traced_probe)).call_at()), nop);
}

TEST_F(LivePatch, WritesOnlyWhatChanges) {
  EXPECT_TRUE(ftrace::prepare());
  EXPECT_EQ(port_.write_count, 0U) << "prepared before";
  const std::uint64_t only[] = {address_of(traced_leaf)};
  Tracer tracer(do_nothing, only);
  Tracing tracing(tracer);
  EXPECT_EQ(port_.write_count, 2U) << "the site, and ftrace_call";
  tracing.stop();
  EXPECT_EQ(port_.write_count, 4U);
}

TEST_F(LivePatch, KeepsTheMoveOncePrepared) {
  const std::uint64_t call_at = site_of(address_of(traced_leaf)).call_at();
  EXPECT_EQ(word_at(call_at - 4), mov_x9_x30);
  EXPECT_EQ(word_at(call_at), nop);
  EXPECT_EQ(traced_leaf(1), 2U);
  Tracer tracer([](Tracer&, ftrace::FtraceFrame& frame) noexcept { frame.x[0] += 10; });
  Tracing tracing(tracer);
  EXPECT_EQ(traced_leaf(1), 12U);
  tracing.stop();
  EXPECT_EQ(word_at(call_at - 4), mov_x9_x30);
  EXPECT_EQ(word_at(call_at), nop);
  EXPECT_EQ(traced_leaf(1), 2U);
}

TEST_F(LivePatch, RefusesAFunctionThatHasNoSite) {
  const std::uint64_t functions[] = {address_of(traced_leaf), address_of(probe)};
  Tracer tracer(do_nothing, functions);
  const auto done = ftrace::register_tracer(tracer);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error(), PatchError::not_a_patch_site) << ftrace::to_string(done.error());
  EXPECT_EQ(word_at(site_of(address_of(traced_leaf)).call_at()), nop);
}

TEST_F(LivePatch, RefusesAnAddressInTheMiddleOfAFunction) {
  const std::uint64_t functions[] = {site_of(address_of(traced_leaf)).call_at()};
  Tracer tracer(do_nothing, functions);
  const auto done = ftrace::register_tracer(tracer);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error(), PatchError::not_a_patch_site);
}

TEST_F(LivePatch, RefusesWordsThatAreNotItsOwn) {
  FarPage page;
  struct Case {
    const char* what;
    std::uint32_t words[3];
    bool is_site;
  } const cases[] = {
      {"two nops", {nop, nop, 0}, true},
      {"prepared", {mov_x9_x30, nop, 0}, true},
      {"landing pad", {bti_c, nop, nop}, true},
      {"landing pad, prepared", {bti_c, mov_x9_x30, nop}, true},
      {"one nop", {nop, ret, 0}, false},
      {"no nop", {ret, nop, 0}, false},
      {"landing pad alone", {bti_c, ret, nop}, false},
      {"somebody else's call", {mov_x9_x30, 0x94000000, 0}, false},
      {"breakpoint", {breakpoint, nop, 0}, false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    std::copy(std::begin(c.words), std::end(c.words), page.words() + 1);
    const auto site = PatchSite::make(page.address(1));
    EXPECT_EQ(site.has_value(), c.is_site);
    if (site) {
      EXPECT_EQ(site->function(), page.address(1));
    } else {
      EXPECT_EQ(site.error(), PatchError::not_a_patch_site);
    }
  }
  EXPECT_FALSE(PatchSite::make(page.address(1) + 2));
  EXPECT_FALSE(PatchSite::make(0));
}

TEST_F(LivePatch, RefusesASiteOutOfReachAndTakesBackTheOthers) {
  FarPage page;
  page.words()[1] = page.words()[2] = nop;
  const std::uint64_t entries[] = {patch_sites()[0], page.address(1)};
  ftrace::initialize(entries);
  ASSERT_TRUE(ftrace::prepare());
  Tracer tracer(do_nothing);
  const auto done = ftrace::register_tracer(tracer);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error(), PatchError::out_of_range) << ftrace::to_string(done.error());
  EXPECT_EQ(word_at(page.address(2)), nop);
  EXPECT_EQ(word_at(PatchSite::make(patch_sites()[0])->call_at()), nop);
}

TEST_F(LivePatch, ReportsASiteThatIsNoneAnyMoreOnlyToWhoWantsEveryFunction) {
  FarPage page;
  page.words()[1] = page.words()[2] = nop;
  const std::uint64_t entries[] = {page.address(1), patch_sites()[0]};
  ftrace::initialize(entries);
  ASSERT_TRUE(ftrace::prepare());
  page.words()[1] = breakpoint;
  Tracer of_all(do_nothing);
  EXPECT_EQ(ftrace::register_tracer(of_all).error(), PatchError::not_a_patch_site);
  const std::uint64_t only[] = {PatchSite::make(patch_sites()[0])->function()};
  Tracer of_one(do_nothing, only);
  Tracing tracing(of_one);
}

TEST_F(LivePatch, ReportsARefusalToWrite) {
  Tracer tracer(do_nothing);
  port_.refuses_writes = true;
  const auto done = ftrace::register_tracer(tracer);
  port_.refuses_writes = false;
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error(), PatchError::not_writable) << ftrace::to_string(done.error());
  EXPECT_EQ(traced_leaf(1), 2U);
}

TEST_F(LivePatch, NamesItsErrors) {
  EXPECT_STREQ(ftrace::to_string(PatchError::not_a_patch_site), "not_a_patch_site");
  EXPECT_STREQ(ftrace::to_string(PatchError::out_of_range), "out_of_range");
  EXPECT_STREQ(ftrace::to_string(PatchError::not_writable), "not_writable");
  EXPECT_STREQ(ftrace::to_string(PatchError::not_initialized), "not_initialized");
  EXPECT_STREQ(ftrace::to_string(PatchError::not_prepared), "not_prepared");
  EXPECT_STREQ(ftrace::to_string(PatchError::already_registered), "already_registered");
  EXPECT_STREQ(ftrace::to_string(PatchError::not_registered), "not_registered");
}

}  // namespace
}  // namespace surefoot::testing::live
