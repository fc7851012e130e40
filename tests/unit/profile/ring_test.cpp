// SPDX-License-Identifier: MIT
//
// The ring against a queue: every record comes out whole, once and in order, or was refused as a whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <ranges>
#include <vector>

#include "profile/decoder.hpp"
#include "src/profile/record_writer.hpp"
#include "support/random_source.hpp"

namespace surefoot::testing {
namespace {

using namespace surefoot::profile;
using Record = std::vector<std::byte>;

// A record of so many bytes, all told by the number.
Record record_of(std::size_t size, std::uint8_t number) {
  Record record(size, std::byte{number});
  record[0] = static_cast<std::byte>(size - 2);
  record[1] = static_cast<std::byte>((size - 2) >> 8);
  record[2] = std::byte{3};
  return record;
}

bool write(Ring& ring, const Record& record) {
  RingWriter writer(ring, RecordType::sample);
  for (std::size_t i = prefix_size; i != record.size(); ++i) {
    writer.record().put(std::to_integer<std::uint8_t>(record[i]));
  }
  return writer.publish();
}

Record take(Ring& ring, std::size_t room) {
  std::vector<std::byte> bytes(room);
  const auto taken = ring.take(bytes);
  return {taken.begin(), taken.end()};
}

TEST(ProfileRing, ShowsNothingOfARecordBeforeItIsPublished) {
  std::array<std::byte, 64> storage{};
  Ring ring(storage);
  RingWriter writer(ring, RecordType::sample);
  for (int i = 0; i != 20; ++i) writer.record().put(1);
  EXPECT_EQ(ring.pending(), 0U);
  EXPECT_TRUE(take(ring, 64).empty());
  EXPECT_TRUE(writer.publish());
  EXPECT_EQ(take(ring, 64).size(), 23U);
  EXPECT_EQ(ring.pending(), 0U);
}

TEST(ProfileRing, IsFullToTheLastByte) {
  std::array<std::byte, 64> storage{};
  Ring ring(storage);
  EXPECT_TRUE(write(ring, record_of(40, 1)));
  EXPECT_FALSE(write(ring, record_of(25, 2)));
  EXPECT_TRUE(write(ring, record_of(24, 3)));
  EXPECT_FALSE(write(ring, record_of(3, 4)));
  EXPECT_EQ(take(ring, 64), record_of(40, 1));
  EXPECT_EQ(take(ring, 64), record_of(24, 3));
}

TEST(ProfileRing, LeavesARecordThatIsLargerThanTheRoom) {
  std::array<std::byte, 64> storage{};
  Ring ring(storage);
  EXPECT_TRUE(write(ring, record_of(40, 1)));
  EXPECT_TRUE(take(ring, 39).empty());
  EXPECT_EQ(take(ring, 40), record_of(40, 1));
}

TEST(ProfileRing, WithoutStorageHoldsNothing) {
  Ring ring;
  EXPECT_TRUE(take(ring, 64).empty());
  EXPECT_EQ(ring.pending(), 0U);
}

TEST(ProfileRing, AgreesWithAQueue) {
  for (std::uint64_t seed = 1; seed != 200; ++seed) {
    SCOPED_TRACE(seed);
    RandomSource random(seed);
    std::vector<std::byte> guarded(256 + 16, std::byte{0xa5});
    Ring ring(std::span<std::byte>(guarded).subspan(8, 256));
    std::deque<Record> queue;
    std::size_t queued = 0;
    for (int round = 0; round != 400; ++round) {
      if (random.is_chosen(55)) {
        const Record record = record_of(prefix_size + random.below(100), static_cast<std::uint8_t>(round));
        const bool has_room = record.size() <= 256 - queued;
        ASSERT_EQ(write(ring, record), has_room);
        if (has_room) queue.push_back(record);
        if (has_room) queued += record.size();
      } else {
        const Record taken = take(ring, 256);
        ASSERT_EQ(taken.empty(), queue.empty());
        if (queue.empty()) continue;
        ASSERT_EQ(taken, queue.front());
        queued -= taken.size();
        queue.pop_front();
      }
      ASSERT_EQ(ring.pending(), queued);
    }
    EXPECT_EQ(std::ranges::count(guarded | std::views::take(8), std::byte{0xa5}), 8);
    EXPECT_EQ(std::ranges::count(guarded | std::views::drop(264), std::byte{0xa5}), 8);
  }
}

}  // namespace
}  // namespace surefoot::testing
