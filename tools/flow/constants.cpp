// SPDX-License-Identifier: MIT
#include "flow/constants.hpp"

#include "code/flow.hpp"
#include "code/registers.hpp"
#include "elf/adr.hpp"

namespace surefoot::tools {
namespace {

constexpr unsigned zero_or_sp = 31;

}  // namespace

std::optional<Constants::Constant> Constants::made_by(std::uint64_t pc, std::uint32_t word) const {
  if ((word & 0x1f000000) == 0x10000000) return Constant{adr_target(word, pc), pc};
  if ((word & 0x7f800000) == 0x52800000) {  // MOVZ
    return Constant{std::uint64_t{word >> 5 & 0xffff} << (word >> 21 & 3) * 16, pc};
  }
  if ((word & 0xff800000) == 0x91000000) {  // ADD (immediate), 64-bit
    const std::optional<Constant>& source = registers_[word >> 5 & 31];
    const std::uint64_t number = std::uint64_t{word >> 10 & 0xfff} << (word >> 22 & 1) * 12;
    if (source) return Constant{source->value + number, pc};
  }
  if ((word & 0xffe0ffe0) == 0xaa0003e0) {  // MOV (register), 64-bit
    const std::optional<Constant>& source = registers_[word >> 16 & 31];
    if (source) return Constant{source->value, pc};
  }
  return std::nullopt;
}

void Constants::step(std::uint64_t pc, std::uint32_t word) {
  const std::optional<Constant> made = made_by(pc, word);
  RegisterSet changed = registers_written(word);
  if (flow_of(word, pc).is_call()) changed |= call_clobbered;
  for (unsigned number = 0; number < registers_.size(); ++number) {
    if ((changed >> number & 1) != 0) registers_[number].reset();
  }
  if (made) registers_[word & 31] = made;
  registers_[zero_or_sp].reset();
}

}  // namespace surefoot::tools
