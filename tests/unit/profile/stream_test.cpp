// SPDX-License-Identifier: MIT
//
// The bytes of a stream: steps between addresses, the records around the samples, lines of a log.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "profile/decoder.hpp"
#include "support/random_source.hpp"
#include "surefoot/profile.hpp"

namespace surefoot::testing {
namespace {

using namespace surefoot::profile;

constexpr std::uint64_t most = ~std::uint64_t{0};

std::string text_of(std::span<const char> text) { return {text.begin(), text.end()}; }

TEST(ProfileStep, CountsInstructionsAndKeepsTheSignInTheLowestBit) {
  const struct {
    std::uint64_t from, to, step;
  } cases[] = {{0x1000, 0x1000, 0},   {0x1000, 0x1004, 2}, {0x1000, 0x0ffc, 1},
               {0x1000, 0x1100, 128}, {0, most - 3, 1},    {0x1000, 0x1001, std::uint64_t{1} << 62}};
  for (const auto& c : cases) {
    SCOPED_TRACE(::testing::Message() << std::hex << c.from << " to " << c.to);
    EXPECT_EQ(step_of(c.from, c.to), c.step);
    EXPECT_EQ(follow_step(c.from, c.step), c.to);
  }
}

TEST(ProfileStep, LeadsFromAnyAddressToAnyOther) {
  RandomSource random(1);
  for (int round = 0; round != 100'000; ++round) {
    const std::uint64_t from = random.word() >> random.below(64);
    const std::uint64_t to = random.is_chosen(50) ? from + random.below(4096) - 2048 : random.word();
    ASSERT_EQ(follow_step(from, step_of(from, to)), to) << from << " to " << to;
  }
}

TEST(ProfileStream, BeginsWithAHeader) {
  std::array<std::byte, max_description_size> room;
  Decoder header(write_header(62'500'000, 0xffff'8000'0000'0000, room));
  EXPECT_EQ(header.byte(), 1U);
  EXPECT_EQ(header.text(8), "SFTPROF\n");
  EXPECT_EQ(header.number(), 1U);
  EXPECT_EQ(header.number(), 62'500'000U);
  EXPECT_EQ(header.number(), 0xffff'8000'0000'0000U);
  EXPECT_TRUE(header.is_at_end());
}

TEST(ProfileStream, NamesARegionAndItsChecksum) {
  std::array<std::byte, max_description_size> room;
  const StreamRegion region{
      .name = "net", .text = {0x1000, 0x3000}, .checked = {0x1400, 0x2000}, .checksum = 0x0123'4567'89ab'cdef};
  Decoder record(write_region(region, room));
  EXPECT_EQ(record.byte(), 2U);
  EXPECT_EQ(record.number(), 0x1000U);
  EXPECT_EQ(record.number(), 0x2000U);
  EXPECT_EQ(record.number(), 0x400U);
  EXPECT_EQ(record.number(), 0xc00U);
  EXPECT_EQ(record.word(), 0x0123'4567'89ab'cdefU);
  EXPECT_EQ(record.text(record.number()), "net");
  EXPECT_TRUE(record.is_at_end());
}

TEST(ProfileStream, CutsANameThatIsTooLong) {
  std::array<std::byte, max_description_size> room;
  const std::string name(200, 'n');
  const auto record = write_region({.name = name.c_str(), .text = {0x1000, 0x3000}}, room);
  Decoder decoder(record);
  decoder.byte();
  for (int i = 0; i != 4; ++i) decoder.number();
  decoder.word();
  EXPECT_EQ(decoder.number(), max_region_name);
}

TEST(ProfileStream, HasRoomForTheLargestRecords) {
  std::array<std::byte, max_description_size> room;
  Counters counters{.recorded = most, .reliable = most, .outside = most, .full = most, .nested = most, .stops = {}};
  counters.stops.fill(most);
  EXPECT_FALSE(write_counters(~std::uint32_t{0}, counters, room).empty());
  EXPECT_FALSE(write_header(most, most, room).empty());
  const std::string name(max_region_name, 'n');
  EXPECT_FALSE(
      write_region({.name = name.c_str(), .text = {1, most}, .checked = {most - 1, most}, .checksum = most}, room)
          .empty());
}

TEST(ProfileStream, WritesNothingWithoutRoom) {
  std::array<std::byte, max_description_size> room;
  const std::size_t size = write_counters(1, {}, room).size();
  room.fill(std::byte{0x5a});
  EXPECT_TRUE(write_counters(1, {}, std::span(room).first(size - 1)).empty());
  EXPECT_EQ(room[size - 1], std::byte{0x5a});
  EXPECT_EQ(write_counters(1, {}, std::span(room).first(size)).size(), size);
  EXPECT_TRUE(write_counters(1, {}, {}).empty());
}

TEST(ProfileStream, TellsTheCountersOfACpu) {
  std::array<std::byte, max_description_size> room;
  Counters counters{.recorded = 7, .reliable = 5, .outside = 2, .full = 300, .nested = 1, .stops = {}};
  counters.stops[2] = 9;
  Decoder record(write_counters(3, counters, room));
  EXPECT_EQ(record.byte(), 4U);
  for (const std::uint64_t expected : {3U, 7U, 5U, 2U, 300U, 1U, stop_reason_count, 0U, 0U, 9U}) {
    EXPECT_EQ(record.number(), expected);
  }
}

TEST(ProfileStream, MakesALineOfARecord) {
  const std::array<std::byte, 3> record{std::byte{0x01}, std::byte{0x00}, std::byte{0xfe}};
  std::array<char, line_size(record.size())> room;
  // CRC-16/XMODEM of 01 00 fe, as binascii.crc_hqx() of Python has it.
  EXPECT_EQ(text_of(write_line(record, room)), "surefoot-profile 0100fe 39e1\n");
  EXPECT_EQ(write_line(record, room).size(), room.size());
  EXPECT_TRUE(write_line(record, std::span(room).first(room.size() - 1)).empty());
}

TEST(ProfileStream, ChecksumsAreThoseOfFnv1a) {
  const char letters[] = "foobar";  // of the published test vectors
  const auto at = reinterpret_cast<std::uintptr_t>(letters);
  EXPECT_EQ(surefoot::profile::checksum({at, at + 6}), 0x8594'4171'f739'67e8U);
  EXPECT_EQ(surefoot::profile::checksum({}), checksum_start);
}

TEST(ProfileNames, AreThoseOfTheEnumerators) {
  EXPECT_STREQ(to_string(Outcome::recorded), "recorded");
  EXPECT_STREQ(to_string(Outcome::full), "full");
  EXPECT_STREQ(to_string(Outcome::nested), "nested");
  EXPECT_STREQ(to_string(SetupFault::ring_size), "ring_size");
  EXPECT_STREQ(to_string(SetupFault::ring_too_small), "ring_too_small");
  EXPECT_STREQ(to_string(SetupFault::frame_count), "frame_count");
}

}  // namespace
}  // namespace surefoot::testing
