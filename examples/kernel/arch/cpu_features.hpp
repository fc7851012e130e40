// SPDX-License-Identifier: MIT
//
// What this CPU can do, read from its identification registers. A field of zero means "not implemented" in all of them
// [arm-arm, ID_AA64PFR1_EL1, ID_AA64ISAR1_EL1, ID_AA64ISAR2_EL1].
#pragma once

#include <cstdint>

#include "arch/system_registers.hpp"

namespace kernel::cpu {

[[nodiscard]] constexpr std::uint64_t field(std::uint64_t value, unsigned low_bit) noexcept {
  return (value >> low_bit) & 0xf;
}

/// FEAT_BTI: a guarded page refuses an indirect branch to an instruction that is no landing pad.
[[nodiscard]] inline bool has_branch_target_identification() noexcept {
  return field(KERNEL_READ_REGISTER("id_aa64pfr1_el1"), 0) != 0;
}

/// FEAT_PAuth with any of its three algorithms: QARMA5 (APA), the CPU's own (API), QARMA3 (APA3).
/// enable_pointer_authentication (pointer_authentication.S) makes the same decision.
[[nodiscard]] inline bool has_pointer_authentication() noexcept {
  const std::uint64_t isar1 = KERNEL_READ_REGISTER("id_aa64isar1_el1");
  const std::uint64_t isar2 = KERNEL_READ_REGISTER("S3_0_C0_C6_2");  // ID_AA64ISAR2_EL1
  return field(isar1, 4) != 0 || field(isar1, 8) != 0 || field(isar2, 12) != 0;
}

/// SCTLR_EL1.EnIA: instructions that use the A key do sign and authenticate.
[[nodiscard]] inline bool is_pointer_authentication_on() noexcept {
  return (KERNEL_READ_REGISTER("sctlr" KERNEL_LEVEL) >> 31 & 1) != 0;
}

/// True if the firmware gave us EL2 and boot stepped down (start.S).
[[nodiscard]] bool was_entered_at_el2() noexcept;

}  // namespace kernel::cpu
