// SPDX-License-Identifier: MIT
//
// The rules of compiled code against the CFI of its compiler: images/compiled/, by GCC and clang, in many ways.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "rules/describe.hpp"
#include "rules/rules.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

using Way = std::tuple<const char*, const char*, const char*>;

class Compiled : public ::testing::TestWithParam<Way> {};

INSTANTIATE_TEST_SUITE_P(, Compiled,
                         ::testing::Combine(::testing::Values("clang", "gcc"),
                                            ::testing::Values("O0", "O1", "O2", "O3", "Os"),
                                            ::testing::Values("plain", "protected", "no_fp", "probing")),
                         [](const auto& info) {
                           return fmt::format("{}_{}_{}", std::get<0>(info.param), std::get<1>(info.param),
                                              std::get<2>(info.param));
                         });

// clang 19 without frame pointers says of x30 that it is saved a few instructions before it is, in one function.
bool is_fault_of_cfi(const Way& way, const Difference& difference) {
  return Way("clang", "Os", "no_fp") == way && difference.function == "_Z9cleans_upi" &&
         difference.end - difference.start <= 12 && difference.derived.contains("x30=lr") &&
         difference.cfi.contains("ra=[c-");
}

TEST_P(Compiled, HasARuleForEachInstructionThatAgrees) {
  const auto& [compiler, level, variant] = GetParam();
  const RuleDerivation derivation(testing::open_image(fmt::format("compiled/{}_{}_{}", compiler, level, variant)));
  Totals totals;
  std::size_t faults = 0;
  for (const Group& group : derivation.groups()) {
    for (const FunctionRules& derived : derivation.derive(group)) {
      totals.add(derived);
      for (const Difference& difference : find_differences(derived, derivation.cfi())) {
        if (difference.comparison != Comparison::differ) continue;
        if (is_fault_of_cfi(GetParam(), difference)) {
          faults += (difference.end - difference.start) / 4;
          continue;
        }
        ADD_FAILURE() << fmt::format("{} at {:#x}: CFI {}, derived {}", difference.function, difference.start,
                                     difference.cfi, difference.derived);
      }
    }
  }
  EXPECT_GT(totals.functions_with_cfi, 60U);
  EXPECT_EQ(totals.instructions_with_cfi.with_rule + faults, totals.instructions_with_cfi.all);
  EXPECT_EQ(totals.count(Comparison::differ), faults);
  EXPECT_EQ(totals.count(Comparison::cfi_only), 0U);
  EXPECT_EQ(totals.count(Comparison::cfi_synchronous), 0U);
}

// Without CFI, and so without landing pads too. Then there are fewer rules, and none that is wrong.
TEST_P(Compiled, HasNoWrongRuleWithoutCfi) {
  const auto& [compiler, level, variant] = GetParam();
  const std::string name = fmt::format("compiled/{}_{}_{}", compiler, level, variant);
  const Image original = testing::open_image(name);
  const Cfi cfi(original);
  const std::vector<std::byte> bytes = testing::bytes_without_cfi(testing::path_of_image(name));
  const RuleDerivation derivation(Image::from_memory(bytes).value());
  std::size_t described = 0;
  std::size_t agree = 0;
  for (const Group& group : derivation.groups()) {
    for (const FunctionRules& derived : derivation.derive(group)) {
      ASSERT_FALSE(derived.function.has_cfi);
      for (std::size_t i = 0; i < derived.rows.rows.size(); ++i) {
        const CfiRow* row = cfi.find(derived.address_of(i));
        if (row == nullptr) continue;
        ++described;
        if (!derived.rows.rows[i]) continue;
        const State& state = *derived.found.states[i];
        const Comparison comparison = compare(&state, row);
        if (comparison == Comparison::agree || comparison == Comparison::cfi_below_sp) {
          ++agree;
        } else if (comparison == Comparison::cfi_only) {
          // CFI is in terms of a register of which the state says nothing.
        } else if (!is_fault_of_cfi(
                       GetParam(),
                       {.function = derived.function.name, .cfi = describe(*row), .derived = describe(state)})) {
          ADD_FAILURE() << fmt::format("{} at {:#x}: CFI {}, derived {}", derived.function.name, derived.address_of(i),
                                       describe(*row), describe(state));
        }
      }
    }
  }
  EXPECT_GT(described, 1'000U);
  EXPECT_GT(agree, described / 100 * 93);
}

}  // namespace
}  // namespace surefoot::tools
