// SPDX-License-Identifier: MIT
#include "code/memory.hpp"

#include "code/fields.hpp"

namespace surefoot::tools {
namespace {

MemoryWrite here(std::uint32_t word, unsigned size) {
  return {.extent = MemoryWrite::Extent::here,
          .base = static_cast<std::uint8_t>(rn(word)),
          .size = static_cast<std::uint8_t>(size)};
}

// The most that an instruction of these groups writes: ST64B, four vectors.
constexpr unsigned longest_write = 64;

// Exclusives, ordered accesses, and comparisons with a swap [arm-arm C4.1.94].
MemoryWrite stored_by_exclusive(std::uint32_t word) {
  if (bit(word, 24)) return here(word, longest_write);  // unprivileged
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
    const unsigned registers = (bit(word, 13) ? 2 : 0) + (bit(word, 21) ? 2 : 1);
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
  if (!bit(word, 22)) return {};
  MemoryWrite write = here(word, bit(word, 23) ? 32 : 16);
  const auto granules = static_cast<std::int16_t>(static_cast<std::int32_t>(word << 11) >> 23);
  if (bits(word, 11, 10) != 1) write.offset = static_cast<std::int16_t>(granules * 16);
  return write;
}

bool is_prefetch(std::uint32_t word) {
  return matches(word, 0xffc00000, 0xf9800000) || matches(word, 0xffe00c00, 0xf8800000) ||
         matches(word, 0xffe00c00, 0xf8a00800);
}

}  // namespace

MemoryWrite memory_written(std::uint32_t word) {
  using Extent = MemoryWrite::Extent;
  const auto base = static_cast<std::uint8_t>(rn(word));
  const auto address = static_cast<std::uint8_t>(rd(word));
  switch (bits(word, 28, 25)) {
    case 0b0100:
    case 0b0110:
    case 0b1100:
    case 0b1110: {
      if (matches(word, 0x3b000000, 0x18000000)) return {};  // LDR (literal)
      if (matches(word, 0x3b200c00, 0x19000400))
        return {.extent = Extent::any, .base = address};                                        // memory copies, sets
      if (matches(word, 0xff3ffc00, 0xd9200000)) return {.extent = Extent::any, .base = base};  // STZGM, STGM
      if (bits(word, 29, 28) == 0) return bit(word, 26) ? stored_by_structure(word) : stored_by_exclusive(word);
      if (matches(word, 0x3b200c00, 0x38200000)) return stored_by_atomic(word);
      if (matches(word, 0xff200000, 0xd9200000) && bits(word, 11, 10) != 0) return stored_by_tag_store(word);
      return {.extent = is_prefetch(word) ? Extent::none : Extent::around, .base = base};
    }
    case 0b0000:  // matrices, and several scalable vectors: also loads
      return {.extent = bit(word, 31) && bit(word, 29) ? Extent::any : Extent::none, .base = base};
    case 0b0010:  // scalable vectors
      return {.extent = bits(word, 31, 29) == 7 ? Extent::any : Extent::none, .base = base};
    default:
      // DC ZVA, DC GVA, DC GZVA: a block that the address lies in
      if (!matches(word, 0xffffff00, 0xd50b7400) || bits(word, 7, 5) == 0) return {};
      return {.extent = Extent::any, .base = address};
  }
}

}  // namespace surefoot::tools
