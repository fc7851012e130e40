// SPDX-License-Identifier: MIT
//
// Profiles as surefoot flame reads them: streams, logs, and what is damaged of either.
#include "profile/stream.hpp"

#include <gtest/gtest.h>

#include "profile/stream_builder.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::StreamBuilder;
constexpr std::uint64_t base = StreamBuilder::base;

StreamBuilder usual() {
  StreamBuilder builder;
  builder.header()
      .region({.name = "kernel", .text = {base, base + 0x1000}, .checked = {base + 16, base + 32}, .checksum = 9})
      .sample({.addresses = {base + 8, base + 0x100}, .cpu = 2, .time = 77})
      .counters(2, {.recorded = 1, .reliable = 1, .outside = 0, .full = 3, .nested = 4, .stops = {1}});
  return builder;
}

TEST(ProfileReader, ReadsAStream) {
  const auto profile = read_profile(usual().stream());
  ASSERT_TRUE(profile) << profile.error();
  EXPECT_EQ(profile->ticks_per_second, 1000U);
  EXPECT_EQ(profile->base, base);
  ASSERT_EQ(profile->regions.size(), 1U);
  const ProfiledRegion& region = profile->regions[0];
  EXPECT_EQ(region.name, "kernel");
  EXPECT_EQ(region.start, base);
  EXPECT_EQ(region.size, 0x1000U);
  EXPECT_EQ(region.checked_start, base + 16);
  EXPECT_EQ(region.checked_size, 16U);
  EXPECT_EQ(region.checksum, 9U);
  ASSERT_EQ(profile->samples.size(), 1U);
  const ProfileSample& sample = profile->samples[0];
  EXPECT_EQ(sample.cpu, 2U);
  EXPECT_EQ(sample.time, 77U);
  EXPECT_TRUE(sample.is_reliable && sample.is_exact && !sample.is_outside);
  EXPECT_EQ(sample.first_doubtful, 2U);
  EXPECT_EQ(std::vector(profile->frames_of(sample).begin(), profile->frames_of(sample).end()),
            (std::vector<std::uint64_t>{base + 8, base + 0x100}));
  EXPECT_EQ(profile->counters.at(2).nested, 4U);
  EXPECT_EQ(profile->all_counters().full, 3U);
}

TEST(ProfileReader, ReadsALogWithOtherLinesBetween) {
  std::string log = "boot\n";
  for (const std::string& line : usual().lines()) log += "[ 12.5] <6>" + line + "something else surefoot-profile\r\n";
  const auto profile = read_profile(log);
  ASSERT_TRUE(profile) << profile.error();
  EXPECT_EQ(profile->samples.size(), 1U);
  EXPECT_EQ(profile->regions.size(), 1U);
  EXPECT_EQ(profile->damaged_lines, 0U);
}

TEST(ProfileReader, CountsADamagedLineAndReadsTheOthers) {
  const std::vector<std::string> lines = usual().lines();
  for (std::size_t at = 0; at + 1 < lines[2].size(); ++at) {
    std::string line = lines[2];
    line[at] = line[at] == '0' ? '1' : '0';
    const auto profile = read_profile(lines[0] + lines[1] + line + lines[3]);
    ASSERT_TRUE(profile) << profile.error();
    EXPECT_EQ(profile->samples.size(), 0U) << "character " << at << " of " << lines[2];
    EXPECT_EQ(profile->counters.size(), 1U);
  }
}

TEST(ProfileReader, TakesAHeaderThatComesLate) {
  const std::vector<std::string> lines = usual().lines();
  const auto profile = read_profile(lines[2] + lines[0]);
  ASSERT_TRUE(profile) << profile.error();
  ASSERT_EQ(profile->samples.size(), 1U);
  EXPECT_EQ(profile->frames_of(profile->samples[0])[0], base + 8);
}

TEST(ProfileReader, PassesOverTypesThatItDoesNotKnow) {
  const auto profile = read_profile(StreamBuilder().header().record({2, 0, 99, 1}).sample({}).stream());
  ASSERT_TRUE(profile) << profile.error();
  EXPECT_EQ(profile->unknown_records, 1U);
  EXPECT_EQ(profile->samples.size(), 1U);
}

TEST(ProfileReader, CountsRecordsThatContradictThemselves) {
  const std::initializer_list<unsigned> cases[] = {
      {1, 0, 3},                               // no body at all
      {10, 0, 3, 0, 16, 0, 0, 0, 0, 0, 0, 0},  // a stop reason that there is none of
      {10, 0, 3, 0, 0, 0, 0, 0, 0, 1, 0, 0},   // doubt in a frame that is not there
      {9, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1},       // a frame is missing
      {10, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0},   // something is left over
      {10, 0, 3, 2, 0, 0, 0, 0, 0, 1, 1, 0},   // from EL0, with a frame
      {3, 0, 2, 1, 1},                         // half a region
      {2, 0, 4, 0},                            // half the counters
  };
  for (const auto& bytes : cases) {
    SCOPED_TRACE(::testing::PrintToString(std::vector(bytes)));
    const auto profile = read_profile(StreamBuilder().header().record(bytes).sample({}).stream());
    ASSERT_TRUE(profile) << profile.error();
    EXPECT_EQ(profile->damaged_records, 1U);
    EXPECT_EQ(profile->samples.size(), 1U);
    EXPECT_TRUE(profile->addresses.empty());
  }
}

TEST(ProfileReader, SaysHowMuchIsCutOffAtTheEnd) {
  const std::string whole = usual().stream();
  const std::size_t first = StreamBuilder().header().stream().size();
  for (std::size_t size = first; size != whole.size(); ++size) {
    const auto profile = read_profile(whole.substr(0, size));
    ASSERT_TRUE(profile) << profile.error();
    EXPECT_EQ(profile->damaged_records, 0U);
    const bool is_between = profile->cut_bytes == 0;
    EXPECT_LE(profile->samples.size() + profile->regions.size() + profile->counters.size(), 3U);
    if (is_between) EXPECT_TRUE(size == first || profile->regions.size() == 1);
  }
}

TEST(ProfileReader, RefusesWhatIsNoProfile) {
  EXPECT_FALSE(read_profile(""));
  EXPECT_FALSE(read_profile("text"));
  EXPECT_FALSE(read_profile(usual().stream().substr(1)));
  EXPECT_FALSE(read_profile(usual().lines()[2])) << "a log without a header";
}

TEST(ProfileReader, RefusesAnotherVersionByItsNumber) {
  std::string stream = usual().stream();
  stream[3 + sizeof(profile::magic)] = 2;
  const auto profile = read_profile(stream);
  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error(), "a profile of version 2: this program reads version 1");
}

TEST(ProfileReader, RefusesTwoProfilesInOne) {
  EXPECT_FALSE(read_profile(StreamBuilder().header().header(base + 4).stream()));
  EXPECT_TRUE(read_profile(StreamBuilder().header().header().stream()));
}

TEST(ProfileReader, FindsTheRegionThatWasThereAtTheTime) {
  const auto profile = read_profile(StreamBuilder()
                                        .header()
                                        .region({.name = "one", .text = {0x1000, 0x2000}})
                                        .sample({})
                                        .region({.name = "two", .text = {0x1000, 0x1800}})
                                        .sample({})
                                        .stream());
  ASSERT_TRUE(profile) << profile.error();
  EXPECT_EQ(profile->find_region(0x1004, 0)->name, "one");
  EXPECT_EQ(profile->find_region(0x1004, 1)->name, "two");
  EXPECT_EQ(profile->find_region(0x1804, 1)->name, "one");
  EXPECT_EQ(profile->find_region(0x2000, 1), nullptr);
}

}  // namespace
}  // namespace surefoot::tools
