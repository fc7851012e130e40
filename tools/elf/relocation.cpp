// SPDX-License-Identifier: MIT
#include "elf/relocation.hpp"

#include <elf.h>

#include <bit>
#include <cstring>
#include <optional>

namespace surefoot::tools {
namespace {

static_assert(std::endian::native == std::endian::little, "words are used as they are");

template <typename Word>
std::optional<Word> load(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof(Word)) return std::nullopt;
  Word word;
  std::memcpy(&word, bytes.data(), sizeof word);
  return word;
}

template <typename Word>
Relocated store(std::span<std::byte> bytes, Word word) {
  if (bytes.size() < sizeof word) return Relocated::no_room;
  std::memcpy(bytes.data(), &word, sizeof word);
  return Relocated::done;
}

// Replaces `width` bits from bit `low` on.
Relocated put_field(std::span<std::byte> bytes, unsigned low, unsigned width, std::uint64_t value) {
  const std::optional<std::uint32_t> word = load<std::uint32_t>(bytes);
  if (!word) return Relocated::no_room;
  const std::uint32_t mask = ((std::uint32_t{1} << width) - 1) << low;
  return store(bytes, (*word & ~mask) | (static_cast<std::uint32_t>(value << low) & mask));
}

bool is_in(std::int64_t value, unsigned bits) {
  const std::int64_t limit = std::int64_t{1} << (bits - 1);
  return value >= -limit && value < limit;
}

// A distance in instructions.
Relocated put_branch(std::span<std::byte> bytes, unsigned low, unsigned width, std::uint64_t distance) {
  if (bytes.size() < sizeof(std::uint32_t)) return Relocated::no_room;
  if (distance % 4 != 0 || !is_in(static_cast<std::int64_t>(distance), width + 2)) return Relocated::does_not_reach;
  return put_field(bytes, low, width, distance >> 2);
}

// Bits 0 to 11 of an address, in units of the access.
Relocated put_low_bits(std::span<std::byte> bytes, unsigned scale, std::uint64_t address) {
  return put_field(bytes, 10, 12, (address & 0xfff) >> scale);
}

// Sixteen bits of MOVZ or MOVK.
Relocated put_part(std::span<std::byte> bytes, unsigned part, std::uint64_t value) {
  return put_field(bytes, 5, 16, value >> 16 * part);
}

// The same where the instruction is MOVN if the value is negative, else MOVZ.
Relocated put_signed_part(std::span<std::byte> bytes, unsigned part, std::uint64_t value) {
  const std::optional<std::uint32_t> word = load<std::uint32_t>(bytes);
  if (!word) return Relocated::no_room;
  constexpr std::uint32_t movz_bit = 0x40000000;
  const bool is_negative = static_cast<std::int64_t>(value) < 0;
  static_cast<void>(store(bytes, is_negative ? *word & ~movz_bit : *word | movz_bit));
  return put_part(bytes, part, is_negative ? ~value : value);
}

}  // namespace

bool point_adr(std::span<std::byte> bytes, std::uint64_t place, std::uint64_t address) {
  const std::optional<std::uint32_t> word = load<std::uint32_t>(bytes);
  if (!word) return false;
  const bool is_page = *word >> 31 != 0;
  constexpr std::uint64_t page_mask = ~std::uint64_t{0xfff};
  const auto distance = is_page ? static_cast<std::int64_t>((address & page_mask) - (place & page_mask)) >> 12
                                : static_cast<std::int64_t>(address - place);
  constexpr unsigned width = 21;
  if (!is_in(distance, width)) return false;
  const auto bits = static_cast<std::uint32_t>(distance) & ((std::uint32_t{1} << width) - 1);
  constexpr std::uint32_t fields = 0x60ffffe0;
  return store(bytes, (*word & ~fields) | (bits & 3) << 29 | bits >> 2 << 5) == Relocated::done;
}

Relocated apply(const Relocation& relocation, std::span<std::byte> bytes) {
  const std::uint64_t value = relocation.value;
  const std::uint64_t distance = value - relocation.place;
  switch (relocation.type) {
    case R_AARCH64_NONE: return Relocated::done;
    case R_AARCH64_ABS64: return store(bytes, value);
    case R_AARCH64_ABS32: return store(bytes, static_cast<std::uint32_t>(value));
    case R_AARCH64_ABS16: return store(bytes, static_cast<std::uint16_t>(value));
    case R_AARCH64_PREL64: return store(bytes, distance);
    case R_AARCH64_PREL32: return store(bytes, static_cast<std::uint32_t>(distance));
    case R_AARCH64_PREL16: return store(bytes, static_cast<std::uint16_t>(distance));
    case R_AARCH64_MOVW_UABS_G0:
    case R_AARCH64_MOVW_UABS_G0_NC: return put_part(bytes, 0, value);
    case R_AARCH64_MOVW_UABS_G1:
    case R_AARCH64_MOVW_UABS_G1_NC: return put_part(bytes, 1, value);
    case R_AARCH64_MOVW_UABS_G2:
    case R_AARCH64_MOVW_UABS_G2_NC: return put_part(bytes, 2, value);
    case R_AARCH64_MOVW_UABS_G3: return put_part(bytes, 3, value);
    case R_AARCH64_MOVW_SABS_G0: return put_signed_part(bytes, 0, value);
    case R_AARCH64_MOVW_SABS_G1: return put_signed_part(bytes, 1, value);
    case R_AARCH64_MOVW_SABS_G2: return put_signed_part(bytes, 2, value);
    case R_AARCH64_MOVW_PREL_G0: return put_signed_part(bytes, 0, distance);
    case R_AARCH64_MOVW_PREL_G0_NC: return put_part(bytes, 0, distance);
    case R_AARCH64_MOVW_PREL_G1: return put_signed_part(bytes, 1, distance);
    case R_AARCH64_MOVW_PREL_G1_NC: return put_part(bytes, 1, distance);
    case R_AARCH64_MOVW_PREL_G2: return put_signed_part(bytes, 2, distance);
    case R_AARCH64_MOVW_PREL_G2_NC: return put_part(bytes, 2, distance);
    case R_AARCH64_MOVW_PREL_G3: return put_signed_part(bytes, 3, distance);
    case R_AARCH64_ADR_PREL_LO21:
    case R_AARCH64_ADR_PREL_PG_HI21:
    case R_AARCH64_ADR_PREL_PG_HI21_NC:
      if (bytes.size() < sizeof(std::uint32_t)) return Relocated::no_room;
      return point_adr(bytes, relocation.place, value) ? Relocated::done : Relocated::does_not_reach;
    case R_AARCH64_ADD_ABS_LO12_NC:
    case R_AARCH64_LDST8_ABS_LO12_NC: return put_low_bits(bytes, 0, value);
    case R_AARCH64_LDST16_ABS_LO12_NC: return put_low_bits(bytes, 1, value);
    case R_AARCH64_LDST32_ABS_LO12_NC: return put_low_bits(bytes, 2, value);
    case R_AARCH64_LDST64_ABS_LO12_NC: return put_low_bits(bytes, 3, value);
    case R_AARCH64_LDST128_ABS_LO12_NC: return put_low_bits(bytes, 4, value);
    case R_AARCH64_LD_PREL_LO19:
    case R_AARCH64_CONDBR19: return put_branch(bytes, 5, 19, distance);
    case R_AARCH64_TSTBR14: return put_branch(bytes, 5, 14, distance);
    case R_AARCH64_JUMP26:
    case R_AARCH64_CALL26: return put_branch(bytes, 0, 26, distance);
    default: return Relocated::unknown;
  }
}

}  // namespace surefoot::tools
