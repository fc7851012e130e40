// SPDX-License-Identifier: MIT
#include "code/flow.hpp"

#include "code/fields.hpp"

namespace surefoot::tools {
namespace {

// Of instructions, in bytes.
constexpr std::uint64_t offset_of(std::uint32_t word, unsigned high, unsigned low) {
  return static_cast<std::uint64_t>(std::int64_t{signed_bits(word, high, low)} * 4);
}

// BRK with one of the numbers that compilers use for what must not be reached: __builtin_trap of clang and GCC, clang's
// sanitizers, its checks of pointer authentication.
bool is_trap_of_compiler(std::uint32_t number) {
  return number == 1 || number == 1000 || (number & 0xff00) == 0x5500 || (number & 0xfff0) == 0xc470;
}

// [semihosting §3]
constexpr std::uint32_t semihosting_call = 0xf000;

}  // namespace

Flow flow_of(std::uint32_t word, std::uint64_t pc) {
  using Kind = Flow::Kind;
  if (matches(word, 0xffff0000, 0x00000000)) return {.kind = Kind::stop};  // UDF
  if (matches(word, 0xfc000000, 0x14000000)) return {.kind = Kind::jump, .target = pc + offset_of(word, 25, 0)};
  if (matches(word, 0xfc000000, 0x94000000)) return {.kind = Kind::call, .target = pc + offset_of(word, 25, 0)};
  if (matches(word, 0xff000000, 0x54000000)) {  // B.cond, BC.cond; the conditions 14 and 15 are always true
    const bool is_always = bits(word, 3, 1) == 7;
    return {.kind = is_always ? Kind::jump : Kind::branch, .target = pc + offset_of(word, 23, 5)};
  }
  // CBGT and its kind, of Armv9.6
  if (matches(word, 0x7e000000, 0x74000000)) return {.kind = Kind::branch, .target = pc + offset_of(word, 13, 5)};
  // RETAASPPC
  if (matches(word, 0xffc0001f, 0x5500001f)) return {.kind = Kind::function_return, .target_register = 30};
  if (matches(word, 0x7e000000, 0x34000000)) return {.kind = Kind::branch, .target = pc + offset_of(word, 23, 5)};
  if (matches(word, 0x7e000000, 0x36000000)) return {.kind = Kind::branch, .target = pc + offset_of(word, 18, 5)};
  if (matches(word, 0xfe000000, 0xd6000000)) {
    if (bits(word, 20, 16) != 31) return {.kind = Kind::stop};
    const auto target = static_cast<std::uint8_t>(rn(word));
    switch (bits(word, 24, 21)) {
      case 0:
      case 8: return {.kind = Kind::indirect_jump, .target_register = target};
      case 1:
      case 9: return {.kind = Kind::indirect_call, .target_register = target};
      case 2:
        return {.kind = Kind::function_return, .target_register = bits(word, 11, 10) == 0 ? target : std::uint8_t{30}};
      case 4: return {.kind = Kind::exception_return};
      default: return {.kind = Kind::stop};
    }
  }
  const std::uint32_t number = bits(word, 20, 5);
  if (is_brk(word)) return {.is_trap = is_trap_of_compiler(number), .may_stop = true};
  if (matches(word, 0xffe0001f, 0xd4400000) && number != semihosting_call)
    return {.is_trap = true, .may_stop = true};  // HLT
  return {};
}

}  // namespace surefoot::tools
