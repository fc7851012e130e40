// SPDX-License-Identifier: MIT
//
// Streams for the tests of surefoot flame, made by the library's own writers.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "src/profile/record_writer.hpp"
#include "surefoot/profile.hpp"

namespace surefoot::testing {

/// What one sample says.
struct SampleSpec {
  std::vector<std::uint64_t> addresses;  ///< the innermost first
  std::uint8_t flags = profile::flag_reliable | profile::flag_exact;
  StopReason stop = StopReason::final_record;
  std::uint32_t cpu = 0;
  std::uint64_t time = 0;
  std::uint64_t first_doubtful = ~std::uint64_t{0};  ///< by default none of the frames
};

class StreamBuilder {
 public:
  static constexpr std::uint64_t base = 0x4000'0000;

  StreamBuilder& header(std::uint64_t from = base) { return add(profile::write_header(1000, from, room_)); }
  StreamBuilder& region(const profile::StreamRegion& region) { return add(profile::write_region(region, room_)); }
  StreamBuilder& counters(std::uint32_t cpu, const profile::Counters& counters) {
    return add(profile::write_counters(cpu, counters, room_));
  }
  StreamBuilder& sample(const SampleSpec& spec) {
    std::array<std::byte, 4096> room;
    profile::RecordWriter writer(room.data(), ~std::uint64_t{0}, 0, room.size(), profile::RecordType::sample);
    writer.put(spec.flags);
    writer.put(static_cast<std::uint8_t>(spec.stop));
    for (const std::uint64_t number :
         {std::uint64_t{spec.cpu}, spec.time, std::uint64_t{5}, std::uint64_t{0},
          std::min<std::uint64_t>(spec.first_doubtful, spec.addresses.size()), std::uint64_t{spec.addresses.size()}}) {
      writer.put_number(number);
    }
    std::uint64_t before = base;
    for (const std::uint64_t address : spec.addresses) {
      writer.put_number(profile::step_of(before, address));
      before = address;
    }
    return add(std::span<const std::byte>(room).first(writer.finish()));
  }
  /// Any record.
  StreamBuilder& record(std::initializer_list<unsigned> bytes) {
    std::vector<std::byte> record;
    for (const unsigned byte : bytes) record.push_back(static_cast<std::byte>(byte));
    return add(record);
  }

  [[nodiscard]] std::string stream() const {
    std::string text;
    for (const std::string& record : records_) text += record;
    return text;
  }
  /// A line for each record.
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    for (const std::string& record : records_) {
      std::vector<char> room(profile::line_size(record.size()));
      const auto line = profile::write_line(std::as_bytes(std::span(record)), room);
      lines.emplace_back(line.begin(), line.end());
    }
    return lines;
  }

 private:
  StreamBuilder& add(std::span<const std::byte> record) {
    records_.emplace_back(reinterpret_cast<const char*>(record.data()), record.size());
    return *this;
  }

  std::array<std::byte, profile::max_description_size> room_;
  std::vector<std::string> records_;
};

}  // namespace surefoot::testing
