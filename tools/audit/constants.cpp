// SPDX-License-Identifier: MIT
#include "audit/constants.hpp"

#include "audit/encoding.hpp"

namespace surefoot::tools {
namespace {

constexpr unsigned first_field(std::uint32_t word) { return word & 31; }          // Rd, Rt
constexpr unsigned second_field(std::uint32_t word) { return word >> 5 & 31; }    // Rn
constexpr unsigned third_field(std::uint32_t word) { return word >> 10 & 31; }    // Rt2
constexpr unsigned fourth_field(std::uint32_t word) { return word >> 16 & 31; }   // Rm, Rs
constexpr unsigned zero_register = 31;

std::uint64_t address_operand(std::uint64_t pc, std::uint32_t word) {
  const std::uint64_t field = std::uint64_t{word >> 5 & 0x7ffff} << 2 | (word >> 29 & 3);
  const auto offset = static_cast<std::uint64_t>(static_cast<std::int64_t>(field << 43) >> 43);
  const bool is_page = word >> 31 != 0;
  return is_page ? (pc & ~std::uint64_t{0xfff}) + (offset << 12) : pc + offset;
}

}  // namespace

// True if the word is one of those that form or copy an address.
bool Constants::step_address(std::uint64_t pc, std::uint32_t word) {
  std::optional<Constant>& result = registers_[first_field(word)];
  if ((word & 0x1f000000) == 0x10000000) {  // ADR, ADRP
    result = Constant{.value = address_operand(pc, word), .made_at = pc};
    return true;
  }
  if ((word & 0xff800000) == 0x91000000) {  // ADD (immediate), 64-bit
    const unsigned shift = (word >> 22 & 1) * 12;
    const std::optional<Constant> source = registers_[second_field(word)];
    result.reset();
    if (source) result = Constant{source->value + (std::uint64_t{word >> 10 & 0xfff} << shift), pc};
    return true;
  }
  if ((word & 0xffe0ffe0) == 0xaa0003e0) {  // MOV (register), 64-bit
    const unsigned source = fourth_field(word);
    result = source == zero_register ? std::nullopt : registers_[source];
    if (result) result->made_at = pc;
    return true;
  }
  return false;
}

void Constants::step_branch_or_system(std::uint32_t word) {
  if (is_call(word)) {  // what a call need not preserve [aapcs64 §6.1.1]
    for (unsigned number = 0; number <= 18; ++number) registers_[number].reset();
    registers_[30].reset();
  } else if ((word & 0xffe00000) == 0xd5200000) {  // MRS, SYSL
    registers_[first_field(word)].reset();
  }
  // Hints that sign or authenticate x30 leave the address what it is.
}

void Constants::step_memory(std::uint32_t word) {
  const bool is_pair_store = (word & 0x3fc00000) == 0x29000000;          // STP
  const bool is_pair_push = (word & 0x3ec00000) == 0x28800000;           // STP, pre- or post-indexed
  const bool is_store = (word & 0x3fc00000) == 0x39000000;               // STR and its narrow kinds, scaled offset
  const bool is_unscaled_store = (word & 0x3fe00c00) == 0x38000000;      // STUR
  const bool is_push = (word & 0x3fe00400) == 0x38000400;                // STR, pre- or post-indexed
  if (is_pair_store || is_store || is_unscaled_store) return;
  registers_[second_field(word)].reset();
  if (is_pair_push || is_push) return;
  // A load, or an exclusive or atomic access, which may give back a status.
  registers_[first_field(word)].reset();
  registers_[third_field(word)].reset();
  registers_[fourth_field(word)].reset();
}

void Constants::step(std::uint64_t pc, std::uint32_t word) {
  if (step_address(pc, word)) {
    // The zero register, or sp: neither is followed.
  } else if ((word & 0x1c000000) == 0x14000000) {
    step_branch_or_system(word);
  } else if ((word & 0x0a000000) == 0x08000000) {
    step_memory(word);
  } else {
    registers_[first_field(word)].reset();
  }
  registers_[zero_register].reset();
}

}  // namespace surefoot::tools
