// SPDX-License-Identifier: MIT
//
// Words that are decoded once are as those that are decoded each time.
#include "code/vocabulary.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/random_source.hpp"

namespace surefoot::tools {
namespace {

void expect_same(const Instruction& a, const Instruction& b) {
  EXPECT_EQ(a.word, b.word);
  EXPECT_EQ(a.operation, b.operation);
  EXPECT_EQ(a.flow.kind, b.flow.kind);
  EXPECT_EQ(a.flow.target, b.flow.target);
  EXPECT_EQ(a.written, b.written);
  EXPECT_EQ(a.destination, b.destination);
  EXPECT_EQ(a.number, b.number);
  EXPECT_EQ(a.sets_flags, b.sets_flags);
  EXPECT_EQ(a.memory.base, b.memory.base);
  EXPECT_EQ(a.memory.offset, b.memory.offset);
  EXPECT_EQ(a.register_count, b.register_count);
}

TEST(Vocabulary, DecodesAsTheDecoderAtEachPlace) {
  surefoot::testing::RandomSource random(11);
  std::vector<std::uint32_t> words{0xa9be7bfd, 0x90000001, 0x14000002, 0x54000040, 0x00000000, 0xffffffff};
  while (words.size() < 5000) words.push_back(static_cast<std::uint32_t>(random.below(std::uint64_t{1} << 32)));
  Vocabulary vocabulary;
  for (const std::uint32_t word : words) vocabulary.add(word);
  for (const std::uint32_t word : words) vocabulary.add(word);
  const Decoder decoder;
  for (const std::uint32_t word : words) {
    SCOPED_TRACE(word);
    for (const std::uint64_t pc : {0x1000ULL, 0xffff800080001234ULL}) {
      expect_same(vocabulary.decode(word, pc), decoder.decode(word, pc));
    }
  }
}

}  // namespace
}  // namespace surefoot::tools
