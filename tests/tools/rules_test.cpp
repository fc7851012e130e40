// SPDX-License-Identifier: MIT
//
// From images to rules: what of the states goes into a table, and what does not.
#include "rules/rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

#include "rules/describe.hpp"
#include "sframe/writer.hpp"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

// All functions of an image by name.
class Derive : public ::testing::Test {
 protected:
  void derive(const std::string& name) {
    image_.emplace(testing::open_image(name));
    derivation_.emplace(*image_);
    for (const Group& group : derivation_->groups()) {
      for (FunctionRules& derived : derivation_->derive(group)) {
        totals_.add(derived);
        functions_.emplace(derived.function.name, std::move(derived));
      }
    }
  }

  [[nodiscard]] std::vector<std::string> rows(const std::string& function) const {
    std::vector<std::string> text;
    for (const std::optional<Row>& row : functions_.at(function).rows.rows) {
      text.push_back(row ? to_string(*row) : "none");
    }
    return text;
  }

  using Text = std::vector<std::string>;
  std::optional<Image> image_;
  std::optional<RuleDerivation> derivation_;
  std::map<std::string, FunctionRules> functions_;
  Totals totals_;
};

TEST_F(Derive, GivesEachInstructionItsRule) {
  derive("clean");
  EXPECT_EQ(rows("call_work"), (Text{"sp+0 u u", "sp+16 c-16 c-8", "sp+16 c-16 c-8", "sp+16 c-16 c-8", "sp+0 u u"}));
  EXPECT_EQ(functions_.at("call_work").comparisons, (std::vector<Comparison>(5, Comparison::agree)));
}

TEST_F(Derive, LeavesSpecialRangesOut) {
  derive("clean");
  const FunctionRules& vectors = functions_.at("exception_vectors");
  EXPECT_EQ(vectors.instructions, 0u);
  EXPECT_EQ(vectors.special_instructions, vectors.rows.rows.size());
  EXPECT_TRUE(std::ranges::none_of(vectors.rows.rows, [](const auto& row) { return row.has_value(); }));
  EXPECT_EQ(totals_.special_instructions, std::accumulate(functions_.begin(), functions_.end(), std::size_t{0},
                                                          [](std::size_t sum, const auto& function) {
                                                            return sum + function.second.special_instructions;
                                                          }));
}

TEST_F(Derive, BelievesAnAuthorThatThereIsNoCaller) {
  derive("clean");
  EXPECT_EQ(rows("task_entry"), Text(4, "RA undefined"));
}

// The machine refutes what CFI says of the prologue, and so the instructions are believed.
TEST_F(Derive, KeepsRulesThatSynchronousCfiContradicts) {
  derive("record_elsewhere");
  const FunctionRules& derived = functions_.at("beside");
  ASSERT_EQ(derived.comparisons.size(), 5u);
  EXPECT_EQ(derived.comparisons[0], Comparison::agree);
  EXPECT_EQ(derived.comparisons[1], Comparison::cfi_synchronous);
  EXPECT_EQ(derived.comparisons[2], Comparison::differ);  // a call, of which such CFI speaks
  EXPECT_EQ(rows("beside"), (Text{"sp+0 u u", "sp+32 u u", "none", "sp+32 c-32 c-24", "sp+0 u u"}));
}

TEST_F(Derive, ListsWhatDiffersByStretches) {
  derive("record_elsewhere");
  const FunctionRules& derived = functions_.at("beside");
  const std::vector<Difference> differences = find_differences(derived, derivation_->cfi());
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0].start, derived.address_of(2));
  EXPECT_EQ(differences[0].end, derived.address_of(3));
  EXPECT_EQ(differences[0].cfi, "c=sp+0 fp=u ra=u");
  EXPECT_EQ(differences[0].derived, "sp=c-32 x29=c-16 x30=lr [c-32]=fp [c-24]=lr");
}

TEST_F(Derive, CountsWhatItCompared) {
  derive("record_elsewhere");
  EXPECT_EQ(totals_.functions, 2u);
  EXPECT_EQ(totals_.functions_with_cfi, 2u);
  EXPECT_EQ(totals_.instructions.all, 7u);
  EXPECT_EQ(totals_.instructions.with_rule, 6u);
  EXPECT_EQ(totals_.count(Comparison::differ), 1u);
  EXPECT_EQ(totals_.count(Comparison::agree) + totals_.count(Comparison::cfi_synchronous), 6u);
  EXPECT_EQ(totals_.count(Comparison::neither), 0u);
}

TEST_F(Derive, M8_DoesNotCountBarriersThatNothingRuns) {
  derive("rules/unseen_ways");
  const FunctionRules& hardened = functions_.at("hardened");
  EXPECT_EQ(hardened.instructions, 3u);
  EXPECT_EQ(hardened.is_ordinary, (std::vector{true, true, false, false, true, false, false}));
}

TEST_F(Derive, M8_CountsFillingThatNothingRunsByItself) {
  derive("filling");
  const FunctionRules& filled = functions_.at("filled");
  EXPECT_EQ(filled.instructions, 6u);
  EXPECT_EQ(filled.filling, 3u);
  EXPECT_EQ(filled.is_ordinary, (std::vector{true, true, true, true, false, true, true, false, false}));
  EXPECT_EQ(functions_.at("zeros").filling, 2u);
  EXPECT_EQ(totals_.filling, 5u);
  EXPECT_EQ(totals_.count(Comparison::differ), 0u);
}

TEST_F(Derive, KeepsRulesOfWhichCfiIsEarly) {
  derive("filling");
  const FunctionRules& early = functions_.at("early");
  ASSERT_EQ(early.comparisons.size(), 6u);
  EXPECT_EQ(early.comparisons[1], Comparison::cfi_early);
  EXPECT_EQ(rows("early"), (Text{"sp+0 u u", "sp+16 u u", "sp+16 u u", "sp+16 u c-8", "sp+16 u c-8", "sp+0 u u"}));
}

// A program whose assembler wrote a frame table, and one that says something else of one instruction.
TEST(DeriveWithAFrameTable, GivesNoRuleWhereTheTwoDiffer) {
  std::vector<std::byte> file = testing::bytes_of_file(std::string(SUREFOOT_TEST_FIXTURES) + "/sframe/gcc-O2.elf");
  const auto derive = [&file] {
    const Image image = Image::from_memory(file).value();
    const RuleDerivation derivation(image);
    std::vector<FunctionRules> all;
    for (const Group& group : derivation.groups()) {
      for (FunctionRules& derived : derivation.derive(group)) all.push_back(std::move(derived));
    }
    std::ranges::sort(all, {}, [](const FunctionRules& derived) { return derived.function.start; });
    return all;
  };
  const std::vector<FunctionRules> before = derive();
  std::vector<FunctionRows> rows;
  std::ranges::transform(before, std::back_inserter(rows), &FunctionRules::rows);
  ASSERT_TRUE(rows[3].rows[1]);
  rows[3].rows[1]->cfa += 16;
  {
    const Image image = Image::from_memory(file).value();
    const Section* section = image.find_section(".sframe");
    const auto table = write_sframe(rows, section->address);
    ASSERT_TRUE(table);
    ASSERT_LE(table->bytes.size(), section->bytes.size());
    std::ranges::copy(table->bytes, file.begin() + (section->bytes.data() - file.data()));
  }
  const std::vector<FunctionRules> after = derive();
  for (std::size_t i = 0; i < after.size(); ++i) {
    for (std::size_t k = 0; k < after[i].comparisons.size(); ++k) {
      SCOPED_TRACE(::testing::Message() << after[i].function.name << " " << k);
      const bool is_changed = i == 3 && k == 1;
      EXPECT_EQ(after[i].comparisons[k], is_changed ? Comparison::differ : Comparison::agree);
      EXPECT_EQ(after[i].rows.rows[k].has_value(), !is_changed);
      EXPECT_FALSE(after[i].is_refuted[k]);
    }
  }
}

TEST(Share, OfNothingIsWhole) { EXPECT_EQ(Totals::Share{}.percent(), 100.0); }

}  // namespace
}  // namespace surefoot::tools
