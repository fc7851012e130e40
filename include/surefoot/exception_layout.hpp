// SPDX-License-Identifier: MIT
//
// Where a kernel's exception entry saves the interrupted registers, as data: a kernel keeps the frame that it has.
#pragma once

#include <cstdint>

#include "surefoot/layout.h"

namespace surefoot {

/// How a kernel marks the ends of a chain of records: the bottom of a task, and an exception boundary.
enum class RecordTyping : std::uint8_t {
  /// By a type word above a record of zeros (MetadataRecord).
  typed,
  /// The final record is {0, 0} at its declared place. A boundary is recognised by a special range around the call of
  /// the handler, whose rule is exception_frame.
  untyped,
};

/// The frame in which exception entry saves registers. All offsets are in bytes, from the frame's lowest address. The
/// default is ExceptionFrame (records.hpp).
struct ExceptionLayout {
  /// In place of the offset of a register that the frame does not hold. Rules that need it are then unknown. Without
  /// sp, the frame is on the interrupted stack, and ends where sp was; or it is at the end of another stack, so that
  /// nothing can be found by sp.
  static constexpr std::uint16_t absent = 0xffff;

  std::uint16_t size = SUREFOOT_EXCEPTION_FRAME_SIZE;
  std::uint16_t pc = SUREFOOT_EXCEPTION_FRAME_OFFSET_PC;
  std::uint16_t pstate = SUREFOOT_EXCEPTION_FRAME_OFFSET_PSTATE;  ///< may be absent
  std::uint16_t sp = SUREFOOT_EXCEPTION_FRAME_OFFSET_SP;          ///< may be absent
  std::uint16_t fp = SUREFOOT_EXCEPTION_FRAME_OFFSET_FP;
  std::uint16_t lr = SUREFOOT_EXCEPTION_FRAME_OFFSET_LR;          ///< may be absent
  std::uint16_t x9 = SUREFOOT_EXCEPTION_FRAME_OFFSET_X0 + 9 * 8;  ///< may be absent
  /// The record to which entry points x29: {0, 0, type} if records are typed, else whatever the kernel stores there.
  std::uint16_t record = SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD;
  RecordTyping typing = RecordTyping::typed;
  /// The type words, if records are typed.
  std::uint64_t final_type = SUREFOOT_METADATA_FINAL;
  std::uint64_t exception_type = SUREFOOT_METADATA_EXCEPTION;

  friend constexpr bool operator==(const ExceptionLayout&, const ExceptionLayout&) = default;
};

/// The name, equal to the spelling of the enumerator; never null. Any context.
[[nodiscard]] const char* to_string(RecordTyping typing) noexcept;

}  // namespace surefoot
