// SPDX-License-Identifier: MIT
//
// The records around the samples: what the stream is of, and what is missing from it. And records as lines of a log.
#include "record_writer.hpp"
#include "surefoot/profile.hpp"

namespace surefoot::profile {
namespace {

RecordWriter begin(std::span<std::byte> room, RecordType type) noexcept {
  return {room.data(), ~std::uint64_t{0}, 0, room.size(), type};
}

std::span<const std::byte> end(RecordWriter& writer, std::span<std::byte> room) noexcept {
  return room.first(writer.finish());
}

std::size_t length_of(const char* name) noexcept {
  std::size_t length = 0;
  while (length < max_region_name && name[length] != '\0') ++length;
  return length;
}

constexpr char digit(unsigned value) noexcept { return static_cast<char>(value < 10 ? '0' + value : 'a' + value - 10); }

}  // namespace

std::uint64_t checksum(const AddressRange& range) noexcept {
  std::uint64_t sum = checksum_start;
  for (std::uint64_t at = range.start(); at != range.end(); ++at) {
    // SAFETY: the caller names memory of its own program.
    sum = add_to_checksum(sum, *reinterpret_cast<const volatile std::uint8_t*>(at));
  }
  return sum;
}

std::span<const std::byte> write_header(std::uint64_t ticks_per_second, std::uint64_t base,
                                        std::span<std::byte> room) noexcept {
  RecordWriter writer = begin(room, RecordType::header);
  for (const char letter : magic) writer.put(static_cast<std::uint8_t>(letter));
  writer.put_number(version);
  writer.put_number(ticks_per_second);
  writer.put_number(base);
  return end(writer, room);
}

std::span<const std::byte> write_region(const StreamRegion& region, std::span<std::byte> room) noexcept {
  RecordWriter writer = begin(room, RecordType::region);
  writer.put_number(region.text.start());
  writer.put_number(region.text.end() - region.text.start());
  writer.put_number(region.checked.is_empty() ? 0 : region.checked.start() - region.text.start());
  writer.put_number(region.checked.end() - region.checked.start());
  writer.put_bytes(region.checksum);
  const std::size_t length = length_of(region.name);
  writer.put_number(length);
  for (std::size_t i = 0; i < length; ++i) writer.put(static_cast<std::uint8_t>(region.name[i]));
  return end(writer, room);
}

std::span<const std::byte> write_counters(std::uint32_t cpu, const Counters& counters,
                                          std::span<std::byte> room) noexcept {
  RecordWriter writer = begin(room, RecordType::counters);
  writer.put_number(cpu);
  writer.put_number(counters.recorded);
  writer.put_number(counters.reliable);
  writer.put_number(counters.outside);
  writer.put_number(counters.full);
  writer.put_number(counters.nested);
  writer.put_number(counters.stops.size());
  for (const std::uint64_t count : counters.stops) writer.put_number(count);
  return end(writer, room);
}

std::span<const char> write_line(std::span<const std::byte> record, std::span<char> room) noexcept {
  if (room.size() < line_size(record.size())) return {};
  std::size_t at = 0;
  const auto put = [&](char letter) { room[at++] = letter; };
  const auto put_byte = [&](unsigned byte) {
    put(digit(byte >> 4));
    put(digit(byte & 0xf));
  };
  for (std::size_t i = 0; i + 1 < sizeof(line_word); ++i) put(line_word[i]);
  put(' ');
  std::uint16_t check = 0;
  for (const std::byte byte : record) {
    put_byte(static_cast<unsigned>(byte));
    check = add_to_line_check(check, static_cast<std::uint8_t>(byte));
  }
  put(' ');
  put_byte(check >> 8U);
  put_byte(check & 0xffU);
  put('\n');
  return room.first(at);
}

}  // namespace surefoot::profile
