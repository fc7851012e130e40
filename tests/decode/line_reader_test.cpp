// SPDX-License-Identifier: MIT
//
// Parting bytes into lines: whatever the pieces are, all bytes come out in their order, and none is kept for long.
#include "decode/line_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace surefoot::tools {
namespace {

struct Taken {
  std::string bytes;
  bool is_whole;
  friend bool operator==(const Taken&, const Taken&) = default;
};

std::vector<Taken> read(std::string_view text, std::size_t piece) {
  std::vector<Taken> taken;
  LineReader reader([&](const RawLine& line) { taken.push_back({std::string(line.bytes), line.is_whole}); });
  for (std::size_t at = 0; at < text.size(); at += piece) reader.put(text.substr(at, piece));
  reader.finish();
  return taken;
}

TEST(LineReader, HandsOnEachLineWithItsEndHoweverItArrives) {
  const std::string text("one\r\n\ntwo\0x\nthree", 17);
  const std::vector<Taken> expected = {
      {"one\r\n", true}, {"\n", true}, {std::string("two\0x\n", 6), true}, {"three", true}};
  for (const std::size_t piece : {1U, 2U, 3U, 5U, 100U}) EXPECT_EQ(read(text, piece), expected) << piece;
}

TEST(LineReader, PartsALongLineAndSaysThatItIsNotWhole) {
  for (const std::size_t more :
       {std::size_t{0}, std::size_t{1}, LineReader::max_bytes, 3 * LineReader::max_bytes + 7}) {
    const std::string text = std::string(LineReader::max_bytes + more, 'x') + "\nshort\n";
    for (const std::size_t piece : {std::size_t{100}, std::size_t{LineReader::max_bytes}, text.size()}) {
      SCOPED_TRACE(more);
      std::string all;
      const std::vector<Taken> taken = read(text, piece);
      for (const Taken& line : taken) {
        EXPECT_LE(line.bytes.size(), LineReader::max_bytes);
        EXPECT_EQ(line.is_whole, line.bytes == "short\n");
        all += line.bytes;
      }
      EXPECT_EQ(all, text);
    }
  }
}

TEST(LineReader, TakesTheLongestLineThatIsWhole) {
  const std::string text = std::string(LineReader::max_bytes - 1, 'x') + "\n";
  EXPECT_EQ(read(text, 1000), (std::vector<Taken>{{text, true}}));
}

}  // namespace
}  // namespace surefoot::tools
