// SPDX-License-Identifier: MIT
//
// The exception syndrome in words [arm-arm, ESR_EL1].
#include "surefoot/panic/syndrome.hpp"

namespace surefoot::panic {
namespace {

// Numbers of exception classes that have more to say.
constexpr unsigned instruction_abort_from_el0 = 0x20;
constexpr unsigned instruction_abort = 0x21;
constexpr unsigned misaligned_pc = 0x22;
constexpr unsigned data_abort_from_el0 = 0x24;
constexpr unsigned data_abort = 0x25;
constexpr unsigned watchpoint_from_el0 = 0x34;
constexpr unsigned watchpoint = 0x35;

constexpr std::uint64_t write_not_read = std::uint64_t{1} << 6;     // WnR
constexpr std::uint64_t cache_maintenance = std::uint64_t{1} << 8;  // CM
constexpr std::uint64_t far_not_valid = std::uint64_t{1} << 10;     // FnV

constexpr bool is_instruction_abort(unsigned kind) noexcept {
  return kind == instruction_abort || kind == instruction_abort_from_el0;
}
constexpr bool is_data_abort(unsigned kind) noexcept { return kind == data_abort || kind == data_abort_from_el0; }

// The fault status codes that come once for each level, from level 0 on: the upper four bits.
const char* name_by_level(unsigned upper_bits) noexcept {
  switch (upper_bits) {
    case 0x0: return "address size fault";
    case 0x1: return "translation fault";
    case 0x2: return "access flag fault";
    case 0x3: return "permission fault";
    case 0x5: return "external abort on a table walk";
    case 0x7: return "parity or ECC error on a table walk";
    case 0x9: return "granule protection fault on a table walk";
    default: return nullptr;
  }
}

}  // namespace

const char* to_class_name(std::uint64_t esr) noexcept {
  switch (exception_class_of(esr)) {
    case 0x00: return "undefined instruction";
    case 0x01: return "trapped wfi or wfe";
    case 0x07: return "trapped floating-point or vector instruction";
    case 0x09: return "trapped pointer authentication";
    case 0x0d: return "indirect branch to no landing pad";
    case 0x0e: return "illegal execution state";
    case 0x15: return "svc";
    case 0x16: return "hvc";
    case 0x17: return "smc";
    case 0x18: return "trapped access to a system register";
    case 0x19: return "trapped SVE instruction";
    case 0x1c: return "failed pointer authentication";
    case 0x1d: return "trapped SME instruction";
    case 0x20: return "instruction abort from EL0";
    case 0x21: return "instruction abort";
    case 0x22: return "misaligned pc";
    case 0x24: return "data abort from EL0";
    case 0x25: return "data abort";
    case 0x26: return "misaligned sp";
    case 0x27: return "memory copy or set that cannot go on";
    case 0x2c: return "floating-point exception";
    case 0x2d: return "guarded control stack";
    case 0x2f: return "SError";
    case 0x30: return "hardware breakpoint in EL0";
    case 0x31: return "hardware breakpoint";
    case 0x32: return "software step in EL0";
    case 0x33: return "software step";
    case 0x34: return "watchpoint in EL0";
    case 0x35: return "watchpoint";
    case 0x3c: return "brk";
    default: return nullptr;
  }
}

FaultAccess fault_access_of(std::uint64_t esr) noexcept {
  const unsigned kind = exception_class_of(esr);
  if (is_instruction_abort(kind) || kind == misaligned_pc) return FaultAccess::execution;
  if (!is_data_abort(kind) && kind != watchpoint && kind != watchpoint_from_el0) return FaultAccess::none;
  // WnR is 1 for cache maintenance, whatever was done.
  if ((esr & cache_maintenance) != 0) return FaultAccess::cache_maintenance;
  return (esr & write_not_read) != 0 ? FaultAccess::write : FaultAccess::read;
}

const char* to_words(FaultAccess access) noexcept {
  switch (access) {  // No default: -Wswitch names the enumerator that was forgotten.
    case FaultAccess::none: return nullptr;
    case FaultAccess::read: return "read of";
    case FaultAccess::write: return "write to";
    case FaultAccess::execution: return "execution at";
    case FaultAccess::cache_maintenance: return "cache maintenance at";
  }
  return nullptr;
}

bool has_fault_address(std::uint64_t esr) noexcept {
  const unsigned kind = exception_class_of(esr);
  if (is_instruction_abort(kind) || is_data_abort(kind)) {
    // The bit speaks of external aborts only, and is 0 for every other one.
    return (esr & far_not_valid) == 0;
  }
  return kind == misaligned_pc || kind == watchpoint || kind == watchpoint_from_el0;
}

FaultStatus fault_status_of(std::uint64_t esr) noexcept {
  const unsigned kind = exception_class_of(esr);
  if (!is_instruction_abort(kind) && !is_data_abort(kind)) return {};
  const auto status = static_cast<unsigned>(esr & 0x3f);
  switch (status) {
    case 0x10: return {.name = "external abort"};
    case 0x11: return {.name = "tag check fault"};
    case 0x13: return {.name = name_by_level(0x5), .level = -1};
    case 0x18: return {.name = "parity or ECC error"};
    case 0x1b: return {.name = name_by_level(0x7), .level = -1};
    case 0x21: return {.name = "alignment fault"};
    case 0x23: return {.name = name_by_level(0x9), .level = -1};
    case 0x28: return {.name = "granule protection fault"};
    case 0x29: return {.name = name_by_level(0x0), .level = -1};
    case 0x2b: return {.name = name_by_level(0x1), .level = -1};
    case 0x30: return {.name = "TLB conflict"};
    case 0x31: return {.name = "unsupported update of a table entry"};
    case 0x34: return {.name = "fault of a lockdown"};
    case 0x35: return {.name = "unsupported exclusive or atomic access"};
    default: break;
  }
  const char* const name = name_by_level(status >> 2);
  return name != nullptr ? FaultStatus{.name = name, .level = static_cast<int>(status & 3)} : FaultStatus{};
}

const char* to_mode_name(std::uint64_t pstate) noexcept {
  if ((pstate & 0x10) != 0) return "AArch32";
  switch (pstate & 0xf) {
    case 0x0: return "EL0t";
    case 0x4: return "EL1t";
    case 0x5: return "EL1h";
    case 0x8: return "EL2t";
    case 0x9: return "EL2h";
    case 0xc: return "EL3t";
    case 0xd: return "EL3h";
    default: return nullptr;
  }
}

}  // namespace surefoot::panic
