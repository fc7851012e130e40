// SPDX-License-Identifier: MIT
#include "code/memory.hpp"

#include "code/fields.hpp"

namespace surefoot::tools {
namespace {

MemoryWrite here(std::uint32_t word, unsigned size, std::int32_t offset = 0) {
  return {.extent = MemoryWrite::Extent::here,
          .base = static_cast<std::uint8_t>(rn(word)),
          .size = static_cast<std::uint8_t>(size),
          .offset = offset};
}

MemoryWrite at_unknown_distance(std::uint32_t word) {
  return {.extent = MemoryWrite::Extent::at_unknown_distance, .base = static_cast<std::uint8_t>(rn(word))};
}

// ST64B, four vectors
constexpr unsigned longest_write = 64;

// Exclusives, ordered accesses, and comparisons with a swap [arm-arm C4.1.94].
MemoryWrite stored_by_exclusive(std::uint32_t word) {
  if (bit(word, 24)) return here(word, 16);  // unprivileged: at most CASPT
  const unsigned bytes = 1U << bits(word, 31, 30);
  const bool is_load = bit(word, 22);
  const bool has_pair = bit(word, 21);
  if (bit(word, 23)) return is_load && !has_pair ? MemoryWrite{} : here(word, bytes);  // LDAR, STLR; CAS
  if (has_pair && bits(word, 31, 30) < 2) return here(word, 8 * bytes);                // CASP of 4 and 8 bytes
  if (is_load) return {};
  return here(word, has_pair ? 2 * bytes : bytes);
}

// Loads and stores of structures in vectors [arm-arm C4.1.94].
MemoryWrite stored_by_structure(std::uint32_t word) {
  if (bit(word, 22)) return {};
  if (bit(word, 24)) {  // one lane of each
    const unsigned registers = (bit(word, 13) ? 2U : 0U) + (bit(word, 21) ? 2U : 1U);
    const unsigned scale = bits(word, 15, 14) == 2 && bit(word, 10) ? 3 : bits(word, 15, 14);
    return here(word, registers << scale);
  }
  static constexpr std::uint8_t registers[16] = {4, 0, 4, 0, 3, 0, 3, 1, 2, 0, 2, 0, 0, 0, 0, 0};
  const unsigned count = registers[bits(word, 15, 12)];
  return here(word, count == 0 ? longest_write : count * (bit(word, 30) ? 16 : 8));
}

// Atomics on memory, among them accesses to 64 bytes at once [arm-arm C4.1.94].
MemoryWrite stored_by_atomic(std::uint32_t word) {
  if (bit(word, 26)) return here(word, 8);  // of floating point
  const bool is_swap_or_sum = !bit(word, 15) || bits(word, 14, 12) == 0;
  if (is_swap_or_sum) return here(word, 1U << bits(word, 31, 30));
  return bits(word, 14, 12) == 4 ? MemoryWrite{} : here(word, longest_write);  // LDAPR; ST64B
}

// STG and its kind, of which only those that end in Z write anything but tags [arm-arm C4.1.94].
MemoryWrite stored_by_tag_store(std::uint32_t word) {
  if (bits(word, 11, 10) == 0) return bit(word, 22) ? MemoryWrite{} : at_unknown_distance(word);  // LDG; STGM, STZGM
  if (!bit(word, 22)) return {};
  const std::int32_t granules = signed_bits(word, 20, 12);
  return here(word, bit(word, 23) ? 32 : 16, bits(word, 11, 10) == 1 ? 0 : granules * 16);
}

// 128-bit atomics, and those that check what they write [arm-arm C4.1.94].
MemoryWrite stored_by_wide_atomic(std::uint32_t word) {
  const bool is_of_16 = bits(word, 11, 10) == 0 || bits(word, 11, 10) == 3;
  return here(word, is_of_16 ? 16 : 8);
}

// STILP, and STLR that writes back.
MemoryWrite stored_by_ordered_pair(std::uint32_t word) {
  if (bit(word, 22)) return {};
  const std::int32_t bytes = 1 << bits(word, 31, 30);
  if (bit(word, 23)) return here(word, static_cast<unsigned>(bytes), -bytes);
  return here(word, static_cast<unsigned>(2 * bytes), bit(word, 12) ? 0 : -2 * bytes);
}

// Tags, memory copies, LDAPUR and STLUR
MemoryWrite stored_by_unscaled_ordered(std::uint32_t word) {
  const bool is_vector = bit(word, 26);
  if (bit(word, 21) && !is_vector && bits(word, 31, 30) == 3) return stored_by_tag_store(word);
  if (bits(word, 11, 10) == 1) {
    return {.extent = MemoryWrite::Extent::counted,
            .base = static_cast<std::uint8_t>(rd(word)),
            .count = static_cast<std::uint8_t>(rn(word))};
  }
  if (bit(word, 21)) return stored_by_wide_atomic(word);
  if (bits(word, 11, 10) == 3 && !is_vector) return here(word, 8);  // GCSSTR, GCSSTTR
  if (bits(word, 11, 10) == 2 && !is_vector) return stored_by_ordered_pair(word);
  if (is_vector ? bit(word, 22) : bits(word, 23, 22) != 0) return {};
  const unsigned scale = is_vector && bit(word, 23) ? 4 : bits(word, 31, 30);
  return here(word, 1U << scale, signed_bits(word, 20, 12));
}

// STP and its kind, STGP among them.
MemoryWrite stored_by_pair(std::uint32_t word) {
  if (bit(word, 22)) return {};
  const unsigned size = bits(word, 31, 30);
  const bool is_tagged = size == 1 && !bit(word, 26);
  const std::int32_t bytes = bit(word, 26) ? 4 << (size < 3 ? size : 2) : size == 0 ? 4 : 8;
  const bool is_post_index = bits(word, 24, 23) == 1;
  const std::int32_t offset = signed_bits(word, 21, 15) * (is_tagged ? 16 : bytes);
  return here(word, static_cast<unsigned>(2 * bytes), is_post_index ? 0 : offset);
}

// STR and its kind
MemoryWrite stored_by_single(std::uint32_t word) {
  const bool is_register_offset = !bit(word, 24) && bit(word, 21);
  if (is_register_offset && bits(word, 11, 10) == 0) return stored_by_atomic(word);
  if (is_single_load(word) || (is_register_offset && bit(word, 10))) return {};  // the latter: LDRAA, LDRAB
  if (is_register_offset) return at_unknown_distance(word);
  const unsigned scale = bit(word, 26) && bit(word, 23) ? 4 : bits(word, 31, 30);
  if (bit(word, 24)) return here(word, 1U << scale, static_cast<std::int32_t>(bits(word, 21, 10) << scale));
  return here(word, 1U << scale, bits(word, 11, 10) == 1 ? 0 : signed_bits(word, 20, 12));
}

// [arm-arm C4.1.94]
MemoryWrite stored_by_load_store(std::uint32_t word) {
  switch (bits(word, 29, 28)) {
    case 0: return bit(word, 26) ? stored_by_structure(word) : stored_by_exclusive(word);
    case 1: return bit(word, 24) ? stored_by_unscaled_ordered(word) : MemoryWrite{};  // the latter: LDR (literal)
    case 2: return stored_by_pair(word);
    default: return stored_by_single(word);
  }
}

// A scalable vector has 16 bytes at least, and all of a whole one are written. Where others are nobody can say here.
MemoryWrite stored_by_scalable(std::uint32_t word) {
  const bool is_whole_at_base = matches(word, 0xffffe000, 0xe5804000) && bits(word, 12, 10) == 0;  // STR z, [base]
  return is_whole_at_base ? here(word, 16) : at_unknown_distance(word);
}

}  // namespace

MemoryWrite memory_written(std::uint32_t word) {
  switch (bits(word, 28, 25)) {
    case 0b0100:
    case 0b0110:
    case 0b1100:
    case 0b1110: return stored_by_load_store(word);
    case 0b0000:  // matrices, and several scalable vectors: also loads
      return bit(word, 31) && bit(word, 29) ? at_unknown_distance(word) : MemoryWrite{};
    case 0b0010: return bits(word, 31, 29) == 7 ? stored_by_scalable(word) : MemoryWrite{};
    default:
      // DC ZVA, DC GVA, DC GZVA: a block that the address lies in
      if (!matches(word, 0xffffff00, 0xd50b7400) || bits(word, 7, 5) == 0) return {};
      return {.extent = MemoryWrite::Extent::block, .base = static_cast<std::uint8_t>(rd(word))};
  }
}

}  // namespace surefoot::tools
