// SPDX-License-Identifier: MIT
//
// Walks of this compiler's real frames on this CPU, with no tracing.
#include <vector>

#include "harness.hpp"

namespace surefoot::testing::live {
namespace {

using Live = LiveTest;

LiveTrace found;
/// Return addresses as the functions themselves see them, the innermost first.
std::vector<std::uint64_t> expected;

// The calls must not be the functions' last deeds.
#define STAY_ON_STACK() asm volatile("" ::: "memory")

std::uint64_t own_return_address(void* address) { return reinterpret_cast<std::uintptr_t>(address); }

[[gnu::noinline]] void descend(unsigned depth) {
  if (depth == 0) {
    capture(found);
  } else {
    descend(depth - 1);
    STAY_ON_STACK();
  }
  expected.push_back(own_return_address(__builtin_return_address(0)));
}

/// Which function calls which is for the run to tell.
using Step = void (*)(unsigned depth);
[[gnu::noinline]] void even_step(unsigned depth);
[[gnu::noinline]] void odd_step(unsigned depth);
volatile Step steps[] = {even_step, odd_step};

[[gnu::always_inline]] inline void step(unsigned depth) {
  if (depth == 0) {
    capture(found);
  } else {
    steps[depth % 2](depth - 1);  // blr
    STAY_ON_STACK();
  }
}
void even_step(unsigned depth) {
  step(depth);
  expected.push_back(own_return_address(__builtin_return_address(0)));
}
void odd_step(unsigned depth) {
  step(depth);
  expected.push_back(own_return_address(__builtin_return_address(0)));
}

void expect_callers_found() {
  std::vector<std::uint64_t> callers;
  for (const Frame& frame : found.frames.subspan(1)) callers.push_back(frame.pc);
  ASSERT_GE(callers.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(callers[i], expected[i]) << i << " " << found.names();
}

// T1
TEST_F(Live, FindsEveryCallerThroughRecursion) {
  for (const unsigned depth : {0U, 1U, 2U, 10U, 100U}) {
    SCOPED_TRACE(depth);
    expected.clear();
    run([depth] { descend(depth); });
    expect_reliable(found);
    expect_callers_found();
    EXPECT_EQ(expected.size(), depth + 1);
  }
}

TEST_F(Live, FindsEveryCallerThroughIndirectCalls) {
  expected.clear();
  run([] { steps[0](10); });
  expect_reliable(found);
  expect_callers_found();
  EXPECT_EQ(expected.size(), 11U);
}

}  // namespace
}  // namespace surefoot::testing::live
