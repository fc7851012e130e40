// SPDX-License-Identifier: MIT
//
// Stop reasons and evidence in words, and docs/panic.md, which shows them as a table.
#include <gtest/gtest.h>

#include <cctype>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "surefoot/explain.hpp"
#include "surefoot/surefoot.hpp"

namespace surefoot {
namespace {

std::string document() {
  std::ifstream file(SUREFOOT_TEST_DOCS "/panic.md");
  EXPECT_TRUE(file.good()) << SUREFOOT_TEST_DOCS "/panic.md";
  return (std::ostringstream() << file.rdbuf()).str();
}

void expect_sentence(const std::string& name, const std::string& sentence, std::set<std::string>& seen) {
  EXPECT_TRUE(seen.insert(sentence).second) << sentence;
  // It stands behind a colon or a semicolon, with others.
  EXPECT_TRUE(std::islower(static_cast<unsigned char>(sentence.front()))) << sentence;
  EXPECT_EQ(sentence.find_first_of(";\n"), std::string::npos) << sentence;
  EXPECT_NE(sentence.back(), '.') << sentence;
  const std::string row = "| `" + name + "` | " + sentence + " |\n";
  EXPECT_NE(document().find(row), std::string::npos) << "not in docs/panic.md: " << row;
}

TEST(Sentences, OfStopReasonsAreThoseOfTheDocument) {
  std::set<std::string> seen;
  for (unsigned i = 0; i < stop_reason_count; ++i) {
    const auto reason = static_cast<StopReason>(i);
    expect_sentence(to_string(reason), to_sentence(reason), seen);
  }
}

TEST(Sentences, OfEvidenceAreThoseOfTheDocument) {
  std::set<std::string> seen;
  for (unsigned i = 0; i < evidence_bit_count; ++i) {
    const auto bit = static_cast<EvidenceBit>(std::uint32_t{1} << i);
    expect_sentence(to_string(bit), to_sentence(bit), seen);
  }
}

}  // namespace
}  // namespace surefoot
