// SPDX-License-Identifier: MIT
//
// Every name in a verdict has a meaning and an advice, in whole sentences.
#include "decode/reasons.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace surefoot::tools {
namespace {

void expect_sentences(const Explanation& explanation) {
  for (const std::string& text : {explanation.meaning, explanation.advice}) {
    EXPECT_GE(text.size(), 15u) << text;
    EXPECT_TRUE(text.front() >= 'A' && text.front() <= 'Z') << text;
    EXPECT_EQ(text.back(), '.') << text;
    EXPECT_EQ(text.find("  "), std::string::npos) << text;
    EXPECT_EQ(text.find("unknown to this program"), std::string::npos) << text;
  }
}

TEST(Reasons, AreAllExplainedEachInItsOwnWords) {
  std::set<std::string> meanings;
  for (unsigned i = 0; i < stop_reason_count; ++i) {
    const auto reason = static_cast<StopReason>(i);
    SCOPED_TRACE(to_string(reason));
    expect_sentences(explain(reason));
    EXPECT_TRUE(meanings.insert(explain(reason).meaning).second);
  }
  for (unsigned i = 0; i < evidence_bit_count; ++i) {
    const auto bit = static_cast<EvidenceBit>(1U << i);
    SCOPED_TRACE(to_string(bit));
    for (const Policy policy : {Policy::strict, Policy::exact}) expect_sentences(explain(bit, policy));
    EXPECT_TRUE(meanings.insert(explain(bit, Policy::exact).meaning).second);
  }
}

// The advice to use the other policy stands where that helps, and nowhere else.
TEST(Reasons, AdviseThePolicyExactWhereOnlyStrictDoubts) {
  for (unsigned i = 0; i < evidence_bit_count; ++i) {
    const auto bit = static_cast<EvidenceBit>(1U << i);
    SCOPED_TRACE(to_string(bit));
    const bool helps = is_doubtful(Policy::strict, bit) && !is_doubtful(Policy::exact, bit);
    const auto advises_exact = [&](Policy policy) {
      return explain(bit, policy).advice.starts_with("Judge by the policy exact");
    };
    EXPECT_EQ(advises_exact(Policy::strict), helps);
    EXPECT_FALSE(advises_exact(Policy::exact));
  }
}

}  // namespace
}  // namespace surefoot::tools
