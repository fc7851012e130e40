// SPDX-License-Identifier: MIT
//
// The same frame as a structure (exception_frame.h), and as walks want it described.
#pragma once

#include <cstddef>
#include <cstdint>

#include "arch/exception_frame.h"
#include "surefoot/exception_layout.hpp"
#include "surefoot/records.hpp"

namespace kernel {

#if SUREFOOT_ENTRY_FRAME_HAS_SYNDROME

using surefoot::ExceptionFrame;

#else

/// What C++ reads and writes of the frame.
struct ExceptionFrame {
  std::uint64_t x[29];
  std::uint64_t fp;
  std::uint64_t lr;
#if SUREFOOT_ENTRY_FRAME_HAS_KERNEL_SP
  std::uint64_t sp;
  std::uint64_t pc;      ///< ELR_EL1
  std::uint64_t pstate;  ///< SPSR_EL1
  std::uint64_t others[(SUREFOOT_ENTRY_FRAME_SIZE - SUREFOOT_ENTRY_FRAME_OFFSET_PSTATE) / 8 - 1];
#else
  std::uint64_t pc;      ///< ELR_EL1
  std::uint64_t pstate;  ///< SPSR_EL1
  std::uint64_t sp;      ///< SP_EL0
#endif

  [[nodiscard]] constexpr bool is_from_el0() const noexcept { return surefoot::is_from_el0(pstate); }
};

#endif

static_assert(offsetof(ExceptionFrame, x) == SUREFOOT_ENTRY_FRAME_OFFSET_X0);
static_assert(offsetof(ExceptionFrame, fp) == SUREFOOT_ENTRY_FRAME_OFFSET_FP);
static_assert(offsetof(ExceptionFrame, lr) == SUREFOOT_ENTRY_FRAME_OFFSET_LR);
static_assert(offsetof(ExceptionFrame, sp) == SUREFOOT_ENTRY_FRAME_OFFSET_SP);
static_assert(offsetof(ExceptionFrame, pc) == SUREFOOT_ENTRY_FRAME_OFFSET_PC);
static_assert(offsetof(ExceptionFrame, pstate) == SUREFOOT_ENTRY_FRAME_OFFSET_PSTATE);
static_assert(sizeof(ExceptionFrame) == SUREFOOT_ENTRY_FRAME_SIZE && sizeof(ExceptionFrame) % 16 == 0);

inline constexpr surefoot::ExceptionLayout exception_layout{
    .size = SUREFOOT_ENTRY_FRAME_SIZE,
    .pc = SUREFOOT_ENTRY_FRAME_OFFSET_PC,
    .pstate = SUREFOOT_ENTRY_FRAME_OFFSET_PSTATE,
    .sp = SUREFOOT_ENTRY_FRAME_HAS_KERNEL_SP ? SUREFOOT_ENTRY_FRAME_OFFSET_SP : surefoot::ExceptionLayout::absent,
    .fp = SUREFOOT_ENTRY_FRAME_OFFSET_FP,
    .lr = SUREFOOT_ENTRY_FRAME_OFFSET_LR,
    .x9 = SUREFOOT_ENTRY_FRAME_OFFSET_X0 + 9 * 8,
    .record = SUREFOOT_ENTRY_FRAME_OFFSET_RECORD,
    .typing = SUREFOOT_ENTRY_FRAME_IS_TYPED ? surefoot::RecordTyping::typed : surefoot::RecordTyping::untyped};

/// Where sp was when the exception was taken. If the frame does not hold it, it must have been made on the stack that
/// was interrupted, and not on the overflow stack.
[[nodiscard]] inline std::uint64_t interrupted_sp(const ExceptionFrame& frame) noexcept {
  if (SUREFOOT_ENTRY_FRAME_HAS_KERNEL_SP || frame.is_from_el0()) return frame.sp;
  return reinterpret_cast<std::uintptr_t>(&frame + 1);
}

/// What an exception says of its cause [arm-arm, ESR_EL1, FAR_EL1].
struct Syndrome {
  std::uint64_t esr;
  std::uint64_t far;
};

}  // namespace kernel
