// SPDX-License-Identifier: MIT
//
// What a user says of ways that the image does not show: how it is read, and what comes of it (M3, M4).
#include "cli/declarations.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "rules/rules.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

class DeclaredWaysOf : public ::testing::Test {
 protected:
  // The rule at `function` + 4 * `index`.
  std::string row(const std::string& function, std::size_t index, Declarations declarations) {
    const RuleDerivation derivation(image_, {}, std::move(declarations));
    for (const Group& group : derivation.groups()) {
      for (const FunctionRules& derived : derivation.derive(group)) {
        if (derived.function.name != function) continue;
        const std::optional<Row>& found = derived.rows.rows.at(index);
        return found ? to_string(*found) : "none";
      }
    }
    return "no such function";
  }
  std::uint64_t at(const std::string& function, std::uint64_t distance = 0) {
    return image_.find_symbol(function)->address + distance;
  }
  std::string error_of(const DeclarationOptions& options) {
    const auto declarations = read_declarations(image_, options);
    return declarations ? "no error" : declarations.error();
  }
  // A file with that text.
  std::string file(const std::string& text) {
    const std::string path = ::testing::TempDir() + "declarations_test.txt";
    std::ofstream(path) << text;
    return path;
  }

  Image image_ = testing::open_image("rules/linux_tables");
};

TEST_F(DeclaredWaysOf, M3_LeadPathsToPatchedBranches) {
  EXPECT_EQ(row("not_fixed_up", 4, {}), "none");
  EXPECT_EQ(row("not_fixed_up", 4, {.patched = {{at("not_fixed_up", 8), at("not_fixed_up", 16)}}}), "sp+32 c-32 c-24");
}

TEST_F(DeclaredWaysOf, M3_EnterWhatNobodyCalls) {
  EXPECT_EQ(row("not_fixed_up", 4, {.entered = {at("not_fixed_up", 16)}}), "sp+0 u u");
}

TEST_F(DeclaredWaysOf, M4_GoOnFromBreaksByNumber) {
  EXPECT_EQ(row("calls_what_dies", 3, {}), "none");
  EXPECT_EQ(row("dies", 1, {.resumed_breaks = {{0x7ff, 0x800}}}), "sp+0 u u");
  EXPECT_EQ(row("dies", 1, {.resumed_breaks = {{0x801, 0x900}}}), "none");
}

TEST_F(DeclaredWaysOf, AreReadAsSymbolsAndAddresses) {
  const std::string path = file("# known to nobody else\n leaf\n\nleaf+0x0 # again\n");
  const auto declarations =
      read_declarations(image_, {.entered_at = {"stops+4", fmt::format("{:#x}", at("key")), path}});
  ASSERT_TRUE(declarations) << declarations.error();
  EXPECT_EQ(declarations->entered, (std::vector{at("stops", 4), at("key"), at("leaf"), at("leaf")}));
  EXPECT_EQ(declarations->resumed_breaks.size(), 2U);
}

TEST_F(DeclaredWaysOf, AreReadAsPatchedInstructions) {
  const auto declarations = read_declarations(image_, {.patched = file("leaf stops+4\nstops\n")});
  ASSERT_TRUE(declarations) << declarations.error();
  ASSERT_EQ(declarations->patched.size(), 2U);
  EXPECT_EQ(declarations->patched[0].to, at("stops", 4));
  EXPECT_EQ(declarations->patched[1].from, at("stops"));
  EXPECT_EQ(declarations->patched[1].to, at("stops", 4));
}

TEST_F(DeclaredWaysOf, AreReadAsNumbersOfBreaks) {
  const auto declarations = read_declarations(image_, {.brk_returns = "0x800,2304-0x93f"});
  ASSERT_TRUE(declarations) << declarations.error();
  ASSERT_EQ(declarations->resumed_breaks.size(), 2U);
  EXPECT_EQ(declarations->resumed_breaks[0].last, 0x800U);
  EXPECT_EQ(declarations->resumed_breaks[1].first, 0x900U);
  EXPECT_EQ(declarations->resumed_breaks[1].last, 0x93fU);
  EXPECT_TRUE(read_declarations(image_, {.brk_returns = "none"})->resumed_breaks.empty());
}

TEST_F(DeclaredWaysOf, AreRefusedWithTheWordThatIsWrong) {
  EXPECT_EQ(error_of({.entered_at = {"nobody"}}), "nobody: no such symbol, and no such file");
  EXPECT_EQ(error_of({.entered_at = {"leaf+x"}}), "leaf+x: no such symbol, and no such file");
  EXPECT_EQ(error_of({.entered_at = {"0x2"}}), "0x2: no instruction is there, and no such file");
  const std::string path = file("leaf\nleaf stops nobody\n");
  EXPECT_EQ(error_of({.entered_at = {path}}), path + ":2: one place is wanted");
  EXPECT_EQ(error_of({.patched = path}), path + ":2: a place is wanted, and perhaps another one to branch to");
  EXPECT_EQ(error_of({.patched = path + ".none"}), path + ".none: cannot be read");
  for (const std::string numbers : {"x", "0x", "5-4", "0x10000", "1,,2", "-"}) {
    EXPECT_NE(error_of({.brk_returns = numbers}).find("no numbers of BRK"), std::string::npos) << numbers;
  }
}

}  // namespace
}  // namespace surefoot::tools
