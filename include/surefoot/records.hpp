// SPDX-License-Identifier: MIT
//
// What the walk reads from a stack: frame records, the metadata records that kernels place where no caller exists, and
// the registers that an exception saved.
#pragma once

#include <cstddef>
#include <cstdint>

#include "surefoot/layout.h"

namespace surefoot {

/// Dictated by AAPCS64: x29 points at the caller's x29, with the return address above it [aapcs64 §6.4.6].
struct FrameRecord {
  std::uint64_t fp;
  std::uint64_t lr;
};
static_assert(offsetof(FrameRecord, fp) == SUREFOOT_FRAME_RECORD_OFFSET_FP);
static_assert(offsetof(FrameRecord, lr) == SUREFOOT_FRAME_RECORD_OFFSET_LR);
static_assert(sizeof(FrameRecord) == SUREFOOT_FRAME_RECORD_SIZE);

/// What a record of two zeros stands for.
enum class MetadataType : std::uint64_t {
  /// The bottom of a task: no kernel function is above.
  final_record = SUREFOOT_METADATA_FINAL,
  /// The record lies in an ExceptionFrame; the interrupted code is the caller.
  exception = SUREFOOT_METADATA_EXCEPTION,
};

/// A frame record of zeros, followed by its type. Written by exception entry and at the bottom of every task's stack.
struct MetadataRecord {
  FrameRecord zeros;
  MetadataType type;
};
static_assert(offsetof(MetadataRecord, type) == SUREFOOT_METADATA_RECORD_OFFSET_TYPE);
static_assert(sizeof(MetadataRecord) == SUREFOOT_METADATA_RECORD_SIZE);

/// True if a saved pstate (SPSR_ELx) says that EL0 was interrupted: PSTATE.M[3:0] is 0 [arm-arm C5.2.19], or
/// PSTATE.M[4] says AArch32, which a kernel at EL1 meets from EL0 only.
[[nodiscard]] constexpr bool is_el0(std::uint64_t pstate) noexcept {
  return (pstate & 0xf) == 0 || (pstate & 0x10) != 0;
}

/// The state that an exception interrupted, as the kernel's exception entry saves it on a stack. Dictated by layout.h.
///
/// Exception entry stores the registers, then pc and pstate, then the metadata record, and points x29 at the record
/// last: whoever interrupts the entry itself then never finds a record whose pc is not there yet.
struct ExceptionFrame {
  std::uint64_t x[29];
  std::uint64_t fp;
  std::uint64_t lr;
  std::uint64_t sp;
  std::uint64_t pc;      ///< ELR_ELx
  std::uint64_t pstate;  ///< SPSR_ELx
  std::uint64_t esr;
  std::uint64_t far;
  MetadataRecord record;
  std::uint64_t padding;

  /// For the kernel's own use. A walk goes by the record.
  [[nodiscard]] constexpr bool is_from_el0() const noexcept { return is_el0(pstate); }
};
static_assert(offsetof(ExceptionFrame, x) == SUREFOOT_EXCEPTION_FRAME_OFFSET_X0);
static_assert(offsetof(ExceptionFrame, fp) == SUREFOOT_EXCEPTION_FRAME_OFFSET_FP);
static_assert(offsetof(ExceptionFrame, lr) == SUREFOOT_EXCEPTION_FRAME_OFFSET_LR);
static_assert(offsetof(ExceptionFrame, sp) == SUREFOOT_EXCEPTION_FRAME_OFFSET_SP);
static_assert(offsetof(ExceptionFrame, pc) == SUREFOOT_EXCEPTION_FRAME_OFFSET_PC);
static_assert(offsetof(ExceptionFrame, pstate) == SUREFOOT_EXCEPTION_FRAME_OFFSET_PSTATE);
static_assert(offsetof(ExceptionFrame, esr) == SUREFOOT_EXCEPTION_FRAME_OFFSET_ESR);
static_assert(offsetof(ExceptionFrame, far) == SUREFOOT_EXCEPTION_FRAME_OFFSET_FAR);
static_assert(offsetof(ExceptionFrame, record) == SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD);
static_assert(sizeof(ExceptionFrame) == SUREFOOT_EXCEPTION_FRAME_SIZE && sizeof(ExceptionFrame) % 16 == 0);

}  // namespace surefoot
