// SPDX-License-Identifier: MIT
//
// The stream of a profile, byte by byte: what samplers write and `surefoot flame` reads. docs/profiling.md has it as a
// table. Part of surefoot::profile.
//
// A stream is records: two bytes of size (little-endian, of what follows), one of type, the body. A record stands by
// itself: one that is lost on the way takes no other with it. Numbers are unsigned LEB128 [dwarf5 §7.6] unless they are
// said to be bytes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace surefoot::profile {

/// What a record is. A reader passes over types that it does not know.
enum class RecordType : std::uint8_t {
  /// magic (8 bytes), version, ticks a second of time stamps, base of code addresses. The first one.
  header = 1,
  /// start, size, offset and size of the part that the checksum is of, checksum (8 bytes), size of the name, name.
  region = 2,
  /// flags (1 byte), StopReason (1 byte), CPU, time, task, evidence, index of the first doubtful frame, number of
  /// frames, and for each frame its code address by step_of() from the one before, the first from the base.
  sample = 3,
  /// CPU, recorded, reliable, outside, full, nested, number of stop reasons, and as many counts.
  counters = 4,
};

/// The first bytes of a header's body.
inline constexpr char magic[] = {'S', 'F', 'T', 'P', 'R', 'O', 'F', '\n'};
inline constexpr std::uint64_t version = 1;

/// Bytes before a record's body.
inline constexpr std::size_t prefix_size = 3;
/// The most bytes of one number.
inline constexpr std::size_t max_number_size = 10;

/// Flags of a sample.
inline constexpr std::uint8_t flag_reliable = 1U << 0;
/// The interrupt came from EL0, or from a guest: the trace is empty, and the sample ends at that boundary.
inline constexpr std::uint8_t flag_outside = 1U << 1;
/// The policy is Policy::exact, and not strict.
inline constexpr std::uint8_t flag_exact = 1U << 2;

/// The most frames that a sample has.
inline constexpr std::size_t max_sample_frames = 255;
/// The most bytes of a sample's record with so many frames.
[[nodiscard]] constexpr std::size_t max_sample_size(std::size_t frames) noexcept {
  constexpr std::size_t numbers = 6;
  return prefix_size + 2 + (numbers + frames) * max_number_size;
}

/// The most characters of a region's name.
inline constexpr std::size_t max_region_name = 63;
/// Room for any header, region or counters record.
inline constexpr std::size_t max_description_size = 320;

/// How far it is from one code address to the next, as a small number. A multiple of 4 that leads up or down counts in
/// instructions, the sign in bit 0; what is left over is in bits 62 and 63. Any two addresses have a step.
[[nodiscard]] constexpr std::uint64_t step_of(std::uint64_t from, std::uint64_t to) noexcept {
  const std::uint64_t distance = to - from;
  const std::int64_t instructions = static_cast<std::int64_t>(distance) >> 2;
  return static_cast<std::uint64_t>(instructions << 1 ^ instructions >> 63) | distance << 62;
}

/// The address that the step leads to.
[[nodiscard]] constexpr std::uint64_t follow_step(std::uint64_t from, std::uint64_t step) noexcept {
  const std::uint64_t folded = step & ~std::uint64_t{0} >> 2;
  const std::uint64_t instructions = (folded >> 1) ^ (~(folded & 1) + 1);
  return from + (instructions << 2 | step >> 62);
}

/// The checksum of code: FNV-1a, 64 bits.
inline constexpr std::uint64_t checksum_start = 0xcbf2'9ce4'8422'2325;
[[nodiscard]] constexpr std::uint64_t add_to_checksum(std::uint64_t sum, std::uint8_t byte) noexcept {
  return (sum ^ byte) * 0x0000'0100'0000'01b3;
}

/// A record as a line of a log: this word, a blank, the bytes in hexadecimal, a blank, and the check of the line in
/// four digits. Whatever else stands before the word is not part of it.
inline constexpr char line_word[] = "surefoot-profile";
/// The check of a line: CRC-16/XMODEM of its bytes, from 0.
[[nodiscard]] constexpr std::uint16_t add_to_line_check(std::uint16_t check, std::uint8_t byte) noexcept {
  std::uint32_t value = check ^ std::uint32_t{byte} << 8;
  for (int bit = 0; bit < 8; ++bit) value = (value << 1) ^ ((value & 0x8000) != 0 ? 0x1021 : 0);
  return static_cast<std::uint16_t>(value);
}
/// The characters of the line of a record of so many bytes, its end included.
[[nodiscard]] constexpr std::size_t line_size(std::size_t bytes) noexcept {
  return sizeof(line_word) + 2 * bytes + sizeof(" 0000\n") - 1;
}

}  // namespace surefoot::profile
