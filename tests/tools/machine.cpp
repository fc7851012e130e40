// SPDX-License-Identifier: MIT
//
// Encodings: [arm-arm C4.1].
#include "machine.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace surefoot::tools::testing {
namespace {

constexpr std::uint32_t bits(std::uint32_t word, unsigned low, unsigned count) {
  return (word >> low) & ((std::uint32_t{1} << count) - 1);
}
// ... as a signed number.
constexpr std::int64_t signed_bits(std::uint32_t word, unsigned low, unsigned count) {
  const auto value = static_cast<std::int64_t>(bits(word, low, count));
  return value - (value >> (count - 1) != 0 ? std::int64_t{1} << count : 0);
}
constexpr std::uint64_t add_signed(std::uint64_t address, std::int64_t offset) {
  return address + static_cast<std::uint64_t>(offset);
}
constexpr std::uint64_t low_half(std::uint64_t value) { return value & 0xffff'ffff; }
constexpr bool is_64_bit(std::uint32_t word) { return bits(word, 31, 1) != 0; }

constexpr std::uint64_t extend(std::uint64_t value, unsigned option) {
  switch (option) {
    case 0: return value & 0xff;
    case 1: return value & 0xffff;
    case 2: return low_half(value);
    case 6: return static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(value)});
    default: return value;
  }
}

}  // namespace

std::uint64_t Machine::load(std::uint64_t address, unsigned bytes) const {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < bytes; ++i) {
    std::uint8_t byte = 0;
    if (const auto found = written_.find(address + i); found != written_.end()) {
      byte = found->second;
    } else {
      for (const Section& section : image_->sections()) {
        const std::uint64_t offset = address + i - section.address;
        if (section.address != 0 && offset < section.bytes.size())
          byte = std::to_integer<std::uint8_t>(section.bytes[offset]);
      }
    }
    value |= std::uint64_t{byte} << (8 * i);
  }
  return value;
}

void Machine::store(std::uint64_t address, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) written_[address + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

void Machine::set(unsigned number, std::uint64_t value, bool is_64_bit) {
  if (number != 31) x[number] = is_64_bit ? value : low_half(value);
}

void Machine::set_or_sp(unsigned number, std::uint64_t value, bool is_64_bit) {
  (number == 31 ? sp : x[number]) = is_64_bit ? value : low_half(value);
}

bool Machine::holds(unsigned condition) const {
  bool result = true;
  switch (condition >> 1) {
    case 0: result = flags_.z; break;
    case 1: result = flags_.c; break;
    case 2: result = flags_.n; break;
    case 3: result = flags_.v; break;
    case 4: result = flags_.c && !flags_.z; break;
    case 5: result = flags_.n == flags_.v; break;
    case 6: result = flags_.n == flags_.v && !flags_.z; break;
    default: return true;
  }
  return result != ((condition & 1) != 0);
}

// ADD, SUB, and with flags ADDS, SUBS: by the bits that these have in common.
std::uint64_t Machine::add(std::uint64_t first, std::uint64_t second, std::uint32_t word) {
  const bool is_subtraction = bits(word, 30, 1) != 0;
  const unsigned width = is_64_bit(word) ? 64 : 32;
  const std::uint64_t mask = ~std::uint64_t{0} >> (64 - width);
  first &= mask;
  second &= mask;
  const std::uint64_t result = (is_subtraction ? first - second : first + second) & mask;
  if (bits(word, 29, 1) != 0) {
    const auto sign = [width](std::uint64_t value) { return (value >> (width - 1) & 1) != 0; };
    flags_ = {.n = sign(result),
              .z = result == 0,
              .c = is_subtraction ? first >= second : result < first,
              .v = sign(first) != sign(result) && (sign(first) != sign(second)) == is_subtraction};
  }
  return result;
}

// Numbers into registers.
bool Machine::compute(std::uint32_t word) {
  const unsigned destination = bits(word, 0, 5);
  const bool is_wide = is_64_bit(word);
  if ((word & 0x1f00'0000) == 0x1000'0000) {  // ADR, ADRP
    const std::int64_t offset = signed_bits(word, 5, 19) * 4 + bits(word, 29, 2);
    set(destination, is_wide ? add_signed(pc & ~std::uint64_t{0xfff}, offset * 4096) : add_signed(pc, offset), true);
    return true;
  }
  if ((word & 0x1f80'0000) == 0x1100'0000) {  // ADD, SUB of a number
    const std::uint64_t number = std::uint64_t{bits(word, 10, 12)} << (bits(word, 22, 1) * 12);
    const std::uint64_t result = add(get_or_sp(bits(word, 5, 5)), number, word);
    if (bits(word, 29, 1) != 0) {
      set(destination, result, is_wide);
    } else {
      set_or_sp(destination, result, is_wide);
    }
    return true;
  }
  if ((word & 0x1f80'0000) == 0x1280'0000) {  // MOVN, MOVZ, MOVK
    const unsigned shift = bits(word, 21, 2) * 16;
    const std::uint64_t number = std::uint64_t{bits(word, 5, 16)} << shift;
    const unsigned operation = bits(word, 29, 2);
    const std::uint64_t kept = get(destination) & ~(std::uint64_t{0xffff} << shift);
    set(destination, operation == 0 ? ~number : operation == 2 ? number : kept | number, is_wide);
    return true;
  }
  return false;
}

bool Machine::compute_with_registers(std::uint32_t word) {
  const unsigned destination = bits(word, 0, 5);
  const bool is_wide = is_64_bit(word);
  if ((word & 0x1fe0'0000) == 0x0b00'0000) {  // ADD, SUB, shifted left
    const std::uint64_t second = get(bits(word, 16, 5)) << bits(word, 10, 6);
    set(destination, add(get(bits(word, 5, 5)), second, word), is_wide);
    return true;
  }
  if ((word & 0x1fe0'0000) == 0x0b20'0000) {  // ADD, SUB, extended
    const std::uint64_t second = extend(get(bits(word, 16, 5)), bits(word, 13, 3)) << bits(word, 10, 3);
    const std::uint64_t result = add(get_or_sp(bits(word, 5, 5)), second, word);
    if (bits(word, 29, 1) != 0) {
      set(destination, result, is_wide);
    } else {
      set_or_sp(destination, result, is_wide);
    }
    return true;
  }
  if ((word & 0x7fe0'0000) == 0x2a00'0000) {  // ORR, shifted left
    set(destination, get(bits(word, 5, 5)) | get(bits(word, 16, 5)) << bits(word, 10, 6), is_wide);
    return true;
  }
  return false;
}

// LDP and STP of 64 bits.
bool Machine::access_pair(std::uint32_t word) {
  if ((word & 0xfe00'0000) != 0xa800'0000) return false;
  enum { no_allocate, post_index, plain, pre_index };
  const unsigned mode = bits(word, 23, 2);
  const unsigned base = bits(word, 5, 5);
  const std::uint64_t moved = add_signed(get_or_sp(base), signed_bits(word, 15, 7) * 8);
  const std::uint64_t address = mode == post_index ? get_or_sp(base) : moved;
  const unsigned registers[] = {bits(word, 0, 5), bits(word, 10, 5)};
  for (unsigned i = 0; i < 2; ++i) {
    if (bits(word, 22, 1) != 0) {
      set(registers[i], load(address + 8 * i, 8), true);
    } else {
      store(address + 8 * i, get(registers[i]), 8);
    }
  }
  if (mode == post_index || mode == pre_index) set_or_sp(base, moved, true);
  return true;
}

// LDR, STR and their forms for less than 64 bits, without signs.
bool Machine::access_one(std::uint32_t word) {
  const unsigned base = bits(word, 5, 5);
  const unsigned scale = bits(word, 30, 2);
  const std::uint64_t old = get_or_sp(base);
  std::uint64_t address = old;
  std::uint64_t moved = old;
  if (bits(word, 23, 1) != 0) return false;
  if ((word & 0x3f00'0000) == 0x3900'0000) {
    address += std::uint64_t{bits(word, 10, 12)} << scale;
  } else if ((word & 0x3f20'0000) == 0x3800'0000) {
    const std::int64_t offset = signed_bits(word, 12, 9);
    const unsigned mode = bits(word, 10, 2);  // 0: plain, 1: behind, 3: before
    if (mode == 2) return false;
    if (mode != 0) moved = add_signed(old, offset);
    if (mode != 1) address = add_signed(old, offset);
  } else if ((word & 0x3f20'0c00) == 0x3820'0800) {
    address += extend(get(bits(word, 16, 5)), bits(word, 13, 3)) << (bits(word, 12, 1) * scale);
  } else {
    return false;
  }
  if (bits(word, 22, 1) != 0) {
    set(bits(word, 0, 5), load(address, 1U << scale), true);
  } else {
    store(address, get(bits(word, 0, 5)), 1U << scale);
  }
  if (moved != old) set_or_sp(base, moved, true);
  return true;
}

std::optional<std::uint64_t> Machine::branch(std::uint32_t word) {
  const std::uint64_t next = pc + 4;
  if ((word & 0x7c00'0000) == 0x1400'0000) {  // B, BL
    if (is_64_bit(word)) {
      returns_.push_back(x[30] = next);
    }
    return add_signed(pc, signed_bits(word, 0, 26) * 4);
  }
  if ((word & 0xff00'0010) == 0x5400'0000) {  // B.cond
    return holds(bits(word, 0, 4)) ? add_signed(pc, signed_bits(word, 5, 19) * 4) : next;
  }
  if ((word & 0x7e00'0000) == 0x3400'0000) {  // CBZ, CBNZ
    const std::uint64_t value = is_64_bit(word) ? get(bits(word, 0, 5)) : low_half(get(bits(word, 0, 5)));
    return (value == 0) != (bits(word, 24, 1) != 0) ? add_signed(pc, signed_bits(word, 5, 19) * 4) : next;
  }
  const std::uint64_t target = get(bits(word, 5, 5));
  if ((word & 0xffff'fc1f) == 0xd61f'0000) return target;  // BR
  if ((word & 0xffff'fc1f) == 0xd63f'0000) {               // BLR
    returns_.push_back(x[30] = next);
    return target;
  }
  if ((word & 0xffff'fc1f) == 0xd65f'0000) {  // RET
    if (target != returns_.back()) throw std::runtime_error(fmt::format("{:#x} returns to {:#x}", pc, target));
    returns_.pop_back();
    return target;
  }
  return {};
}

bool Machine::step() {
  const std::optional<std::uint32_t> word = image_->instruction_at(pc);
  if (!word) throw std::runtime_error(fmt::format("no instruction at {:#x}", pc));
  if ((*word & 0xffe0'001f) == 0xd420'0000) return false;  // BRK
  if (const std::optional<std::uint64_t> target = branch(*word)) {
    if (*target == pc || returns_.empty()) return false;
    pc = *target;
    return true;
  }
  const bool is_hint = (*word & 0xffff'f01f) == 0xd503'201f;
  if (!is_hint && !compute(*word) && !compute_with_registers(*word) && !access_pair(*word) && !access_one(*word)) {
    throw std::runtime_error(fmt::format("an unknown instruction at {:#x}: {:08x}", pc, *word));
  }
  pc += 4;
  return true;
}

}  // namespace surefoot::tools::testing
