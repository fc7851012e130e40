// SPDX-License-Identifier: MIT
//
// What the stream of a profile says (surefoot/profile_format.hpp), read from its bytes or out of a log. Nothing of it
// is believed: a record that contradicts itself is counted and passed over.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "surefoot/verdict.hpp"

namespace surefoot::tools {

/// A piece of code that the stream names.
struct ProfiledRegion {
  std::string name;
  std::uint64_t start = 0;
  std::uint64_t size = 0;
  std::uint64_t checked_start = 0;
  std::uint64_t checked_size = 0;  ///< 0 for code that is not checked
  std::uint64_t checksum = 0;
  std::size_t since = 0;  ///< the first sample after it
  [[nodiscard]] bool contains(std::uint64_t address) const { return address - start < size; }
};

/// One sample. Its code addresses are in Profile::addresses, the innermost first.
struct ProfileSample {
  std::uint64_t time = 0;
  std::uint64_t task = 0;
  std::size_t first_address = 0;
  std::uint32_t cpu = 0;
  std::uint32_t evidence = 0;
  std::uint16_t frame_count = 0;
  std::uint16_t first_doubtful = 0;
  StopReason stop = StopReason::truncated;
  bool is_reliable = false;
  bool is_outside = false;  ///< from EL0 or a guest: no frames
  bool is_exact = false;
};

/// What a sampler has counted; see surefoot::profile::Counters.
struct ProfileCounters {
  std::uint64_t recorded = 0;
  std::uint64_t reliable = 0;
  std::uint64_t outside = 0;
  std::uint64_t full = 0;
  std::uint64_t nested = 0;
  std::array<std::uint64_t, stop_reason_count> stops{};
};

struct Profile {
  std::uint64_t ticks_per_second = 0;
  std::uint64_t base = 0;
  std::vector<ProfiledRegion> regions;
  std::vector<ProfileSample> samples;
  std::vector<std::uint64_t> addresses;
  std::map<std::uint32_t, ProfileCounters> counters;  ///< by CPU; the last of each
  std::uint64_t unknown_records = 0;                  ///< of a type of another version
  std::uint64_t damaged_records = 0;
  std::uint64_t damaged_lines = 0;  ///< of a log
  std::uint64_t cut_bytes = 0;      ///< at the end: of a record that is not whole

  [[nodiscard]] std::span<const std::uint64_t> frames_of(const ProfileSample& sample) const {
    return std::span(addresses).subspan(sample.first_address, sample.frame_count);
  }
  /// The sum over all CPUs.
  [[nodiscard]] ProfileCounters all_counters() const;
  /// The region that held the address when the sample was made; null if none did.
  [[nodiscard]] const ProfiledRegion* find_region(std::uint64_t address, std::size_t sample) const;
};

/// The profile in a file: a stream, or a log with lines of one. An error, in one line, if there is none, or if it is of
/// another version.
[[nodiscard]] std::expected<Profile, std::string> read_profile(std::string_view file);

}  // namespace surefoot::tools
