// SPDX-License-Identifier: MIT
//
// How much of real libraries has a rule, and how much of that their CFI confirms: the figures of docs/frame-table.md,
// which must not fall.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "rules/describe.hpp"
#include "rules/rules.hpp"
#include "sframe/writer.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

struct Figures {
  Totals totals;
  std::size_t table_bytes = 0;
  std::size_t eh_frame_bytes = 0;
};

Figures figures_of(const char* library) {
  const std::string path = std::string(SUREFOOT_AARCH64_SYSROOT_LIB "/") + library;
  const auto image = Image::open(path);
  if (!image) {
    ADD_FAILURE() << path << ": " << image.error();
    return {};
  }
  const RuleDerivation derivation(*image);
  Figures figures;
  std::vector<FunctionRows> rows;
  for (const Group& group : derivation.groups()) {
    for (FunctionRules& derived : derivation.derive(group)) {
      figures.totals.add(derived);
      rows.push_back(std::move(derived.rows));
    }
  }
  std::ranges::sort(rows, {}, &FunctionRows::start);
  const auto section = write_sframe(rows, 0);
  EXPECT_TRUE(section) << section.error();
  if (section) figures.table_bytes = section->bytes.size();
  if (const Section* eh_frame = image->find_section(".eh_frame")) figures.eh_frame_bytes = eh_frame->size;
  return figures;
}

// The share of the instructions of functions with CFI that have a rule, in percent. Another version of a library, with
// other code, may fall below its own figure, but never below what is promised.
struct Library {
  const char* name;
  double least_share;
};

constexpr double promised_share = 99.5;
constexpr Library libraries[] = {
    {"libc.so.6", 99.8},     {"ld-linux-aarch64.so.1", promised_share}, {"libm.so.6", 100.0}, {"libstdc++.so.6", 100.0},
    {"libgomp.so.1", 99.98},
};

TEST(LibraryRules, CoverNearlyAllAndAgreeWithCfi) {
  std::size_t agree = 0;
  std::size_t differ = 0;
  for (const Library& library : libraries) {
    SCOPED_TRACE(library.name);
    const Figures figures = figures_of(library.name);
    EXPECT_GE(figures.totals.instructions_with_cfi.percent(), library.least_share);
    EXPECT_GT(figures.totals.instructions_with_cfi.all, 20'000U);
    EXPECT_LT(figures.table_bytes, figures.eh_frame_bytes);
    agree += figures.totals.count(Comparison::agree);
    differ += figures.totals.count(Comparison::differ);
  }
  ASSERT_NE(agree, 0U);
  constexpr double promised_agreement = 0.9999;
  EXPECT_GE(static_cast<double>(agree), promised_agreement * static_cast<double>(agree + differ))
      << agree << " agree, " << differ << " differ";
}

// What is derived without CFI's help may be less, and is not wrong. rawmemchr's CFI says of its first instructions that
// the return address is in a register that it reaches only later.
TEST(LibraryRules, AreNotWrongWithoutCfi) {
  for (const Library& library : libraries) {
    SCOPED_TRACE(library.name);
    const std::string path = std::string(SUREFOOT_AARCH64_SYSROOT_LIB "/") + library.name;
    const auto original = Image::open(path);
    ASSERT_TRUE(original) << path << ": " << original.error();
    const Cfi cfi(*original);
    const std::vector<std::byte> bytes = testing::bytes_without_cfi(path);
    const RuleDerivation derivation(Image::from_memory(bytes).value());
    std::size_t agree = 0;
    for (const Group& group : derivation.groups()) {
      for (const FunctionRules& derived : derivation.derive(group)) {
        if (derived.function.name == "__rawmemchr") continue;
        for (std::size_t i = 0; i < derived.rows.rows.size(); ++i) {
          const CfiRow* row = derived.rows.rows[i] ? cfi.find(derived.address_of(i)) : nullptr;
          if (row == nullptr || row->ra.kind == CfiPlace::Kind::undefined) continue;
          const State& state = *derived.found.states[i];
          ASSERT_EQ(compare(&state, row), Comparison::agree)
              << fmt::format("{} at {:#x}: CFI {}, derived {}", derived.function.name, derived.address_of(i),
                             describe(*row), describe(state));
          ++agree;
        }
      }
    }
    EXPECT_GT(agree, 1'000U);
  }
}

}  // namespace
}  // namespace surefoot::tools
