// SPDX-License-Identifier: MIT
//
// Work by several threads: its order, its failures, and that results do not depend on how many threads there are.
#include "work/in_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <new>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "rules/calls.hpp"
#include "sframe/writer.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

constexpr unsigned all_jobs[] = {1, 2, 3, 16};

TEST(MakeInOrder, TakesAllInOrder) {
  for (const unsigned jobs : all_jobs) {
    SCOPED_TRACE(jobs);
    for (const std::size_t count : {0U, 1U, 2U, 5000U}) {
      std::vector<std::size_t> taken;
      make_in_order(
          count, jobs, [](std::size_t i) { return i * i; },
          [&](std::size_t i, std::size_t made) {
            EXPECT_EQ(made, i * i);
            taken.push_back(i);
          });
      std::vector<std::size_t> expected(count);
      std::iota(expected.begin(), expected.end(), std::size_t{0});
      EXPECT_EQ(taken, expected);
    }
  }
}

TEST(MakeInOrder, ThrowsWhatMakingThrows) {
  for (const unsigned jobs : all_jobs) {
    SCOPED_TRACE(jobs);
    const auto make = [](std::size_t i) -> int {
      if (i == 70) throw std::bad_alloc();
      return 0;
    };
    EXPECT_THROW(make_in_order(1000, jobs, make, [](std::size_t, int) {}), std::bad_alloc);
  }
}

TEST(MakeInOrder, ThrowsWhatTakingThrows) {
  for (const unsigned jobs : all_jobs) {
    SCOPED_TRACE(jobs);
    const auto take = [](std::size_t i, int) {
      if (i == 70) throw std::runtime_error("full");
    };
    const auto make = [](std::size_t) { return 0; };
    EXPECT_THROW(make_in_order(1000, jobs, make, take), std::runtime_error);
  }
}

std::vector<std::byte> frame_table(const Image& image, unsigned jobs) {
  const Work work{.jobs = jobs};
  const RuleDerivation derivation(image, work);
  std::vector<FunctionRows> functions;
  make_in_order(
      derivation.groups().size(), jobs,
      [&](std::size_t group) { return derivation.derive(derivation.groups()[group]); },
      [&](std::size_t, std::vector<FunctionRules> made) {
        for (FunctionRules& derived : made) functions.push_back(std::move(derived.rows));
      });
  std::ranges::sort(functions, {}, &FunctionRows::start);
  return write_sframe(functions, 0).value().bytes;
}

TEST(MakeInOrder, GivesTheSameFrameTableWithAnyNumberOfThreads) {
  for (const char* const name : {"rules/helpers", "rules/outlined_parts", "rules/unseen_ways"}) {
    SCOPED_TRACE(name);
    const Image image = testing::open_image(name);
    const std::vector<std::byte> alone = frame_table(image, 1);
    for (const unsigned jobs : all_jobs) EXPECT_EQ(frame_table(image, jobs), alone) << jobs;
  }
}

}  // namespace
}  // namespace surefoot::tools
