// SPDX-License-Identifier: MIT
#include "profile/stream.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "elf/byte_reader.hpp"
#include "elf/name.hpp"
#include "profile/log.hpp"
#include "surefoot/profile_format.hpp"

namespace surefoot::tools {
namespace {

using profile::RecordType;

constexpr std::size_t size_bytes = 2;  // of a record's size

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

// True if a stream begins here: its first record is a header with the magic.
bool is_stream(std::span<const std::byte> bytes) {
  return bytes.size() >= profile::prefix_size + sizeof(profile::magic) &&
         bytes[size_bytes] == std::byte{static_cast<std::uint8_t>(RecordType::header)} &&
         std::memcmp(bytes.data() + profile::prefix_size, profile::magic, sizeof(profile::magic)) == 0;
}

// A number that has to be below 2^bits.
template <typename T>
bool read_number(ByteReader& reader, T& to) {
  const std::uint64_t value = reader.uleb128();
  if (reader.has_failed() || value > std::numeric_limits<T>::max()) return false;
  to = static_cast<T>(value);
  return true;
}

class Parser {
 public:
  // The body of a record. Afterwards `error` says whether the stream can be read on.
  void add(std::uint8_t type, std::span<const std::byte> body) {
    ByteReader reader(body);
    bool is_good = true;
    switch (type) {
      case std::to_underlying(RecordType::header): is_good = read_header(reader); break;
      case std::to_underlying(RecordType::region): is_good = read_region(reader); break;
      case std::to_underlying(RecordType::sample): is_good = read_sample(reader); break;
      case std::to_underlying(RecordType::counters): is_good = read_counters(reader); break;
      default: ++profile.unknown_records;
    }
    if (!is_good) ++profile.damaged_records;
  }

  Profile profile;
  std::string error;
  bool has_header = false;

 private:
  bool read_header(ByteReader& reader) {
    for (const char letter : profile::magic) {
      if (reader.unsigned_number(1) != static_cast<std::uint8_t>(letter)) return false;
    }
    const std::uint64_t version = reader.uleb128();
    if (!reader.has_failed() && version != profile::version) {
      error = "a profile of version " + std::to_string(version) + ": this program reads version " +
              std::to_string(profile::version);
      return false;
    }
    std::uint64_t ticks = 0;
    std::uint64_t base = 0;
    if (!read_number(reader, ticks) || !read_number(reader, base) || !reader.is_at_end()) return false;
    // What counts from another base would be read wrongly.
    if (has_header && base != profile.base) {
      error = "two profiles in one: their headers disagree";
      return false;
    }
    has_header = true;
    profile.ticks_per_second = ticks;
    profile.base = base;
    return true;
  }

  bool read_region(ByteReader& reader) {
    ProfiledRegion region;
    std::uint64_t checked_offset = 0;
    if (!read_number(reader, region.start) || !read_number(reader, region.size) ||
        !read_number(reader, checked_offset) || !read_number(reader, region.checked_size)) {
      return false;
    }
    region.checksum = reader.unsigned_number(8);
    const std::uint64_t length = reader.uleb128();
    const std::span<const std::byte> name = reader.rest();
    if (reader.has_failed() || length != name.size() || length > profile::max_region_name) return false;
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    if (region.size == 0 || region.size > most - region.start) return false;
    if (checked_offset > region.size || region.checked_size > region.size - checked_offset) return false;
    region.checked_start = region.start + checked_offset;
    // SAFETY: bytes are characters.
    region.name = printable_name({reinterpret_cast<const char*>(name.data()), name.size()});
    region.since = profile.samples.size();
    // Real profiles name a few. A search goes through all of them.
    constexpr std::size_t most_regions = 1024;
    if (profile.regions.size() == most_regions) return false;
    profile.regions.push_back(std::move(region));
    return true;
  }

  bool read_sample(ByteReader& reader) {
    ProfileSample sample;
    const std::uint64_t flags = reader.unsigned_number(1);
    const std::uint64_t stop = reader.unsigned_number(1);
    if (!read_number(reader, sample.cpu) || !read_number(reader, sample.time) || !read_number(reader, sample.task) ||
        !read_number(reader, sample.evidence) || !read_number(reader, sample.first_doubtful) ||
        !read_number(reader, sample.frame_count)) {
      return false;
    }
    if (stop >= stop_reason_count || sample.frame_count > profile::max_sample_frames ||
        sample.first_doubtful > sample.frame_count) {
      return false;
    }
    sample.is_reliable = (flags & profile::flag_reliable) != 0;
    sample.is_outside = (flags & profile::flag_outside) != 0;
    sample.is_exact = (flags & profile::flag_exact) != 0;
    sample.stop = static_cast<StopReason>(stop);
    if (sample.is_outside && sample.frame_count != 0) return false;
    sample.first_address = profile.addresses.size();
    std::uint64_t at = profile.base;
    for (unsigned i = 0; i != sample.frame_count; ++i) {
      at = profile::follow_step(at, reader.uleb128());
      profile.addresses.push_back(at);
    }
    if (reader.has_failed() || !reader.is_at_end()) {
      profile.addresses.resize(sample.first_address);
      return false;
    }
    profile.samples.push_back(sample);
    return true;
  }

  bool read_counters(ByteReader& reader) {
    std::uint32_t cpu = 0;
    ProfileCounters counters;
    std::uint64_t count = 0;
    if (!read_number(reader, cpu) || !read_number(reader, counters.recorded) ||
        !read_number(reader, counters.reliable) || !read_number(reader, counters.outside) ||
        !read_number(reader, counters.full) || !read_number(reader, counters.nested) || !read_number(reader, count)) {
      return false;
    }
    if (count != counters.stops.size()) return false;
    for (std::uint64_t& stop : counters.stops) {
      if (!read_number(reader, stop)) return false;
    }
    if (!reader.is_at_end()) return false;
    profile.counters[cpu] = counters;
    return true;
  }
};

// All records of a stream, or up to the first that makes no sense at all.
void add_records(Parser& parser, std::span<const std::byte> bytes) {
  while (!bytes.empty() && parser.error.empty()) {
    const std::size_t size = bytes.size() < profile::prefix_size
                                 ? 0
                                 : std::to_integer<std::size_t>(bytes[0]) | std::to_integer<std::size_t>(bytes[1]) << 8;
    if (size == 0 || size > bytes.size() - size_bytes) {
      parser.profile.cut_bytes = bytes.size();
      return;
    }
    parser.add(std::to_integer<std::uint8_t>(bytes[size_bytes]),
               bytes.subspan(profile::prefix_size, size + size_bytes - profile::prefix_size));
    bytes = bytes.subspan(size_bytes + size);
  }
}

}  // namespace

ProfileCounters Profile::all_counters() const {
  ProfileCounters sum;
  for (const auto& [cpu, one] : counters) {
    sum.recorded += one.recorded;
    sum.reliable += one.reliable;
    sum.outside += one.outside;
    sum.full += one.full;
    sum.nested += one.nested;
    for (std::size_t i = 0; i != sum.stops.size(); ++i) sum.stops[i] += one.stops[i];
  }
  return sum;
}

const ProfiledRegion* Profile::find_region(std::uint64_t address, std::size_t sample) const {
  // The one that was named last, as when a module is loaded where another one was.
  for (std::size_t i = regions.size(); i-- != 0;) {
    if (regions[i].since <= sample && regions[i].contains(address)) return &regions[i];
  }
  return nullptr;
}

std::expected<Profile, std::string> read_profile(std::string_view file) {
  Parser parser;
  if (is_stream(bytes_of(file))) {
    add_records(parser, bytes_of(file));
  } else {
    const LogRecords log = find_log_records(file);
    parser.profile.damaged_lines = log.damaged_lines;
    // A header that comes late counts for all: it may be one of a stream whose beginning was lost.
    for (const std::vector<std::byte>& record : log.records) {
      if (parser.error.empty() && is_stream(record)) add_records(parser, record);
    }
    for (const std::vector<std::byte>& record : log.records) {
      if (parser.error.empty() && !is_stream(record)) add_records(parser, record);
    }
  }
  if (!parser.error.empty()) return std::unexpected(parser.error);
  if (!parser.has_header) return std::unexpected("not a profile: no stream, nor lines of one with a header");
  return std::move(parser.profile);
}

}  // namespace surefoot::tools
