// SPDX-License-Identifier: MIT
//
// A rule says where the registers of a caller are, as data. Choosing one and executing it are apart: the checks that
// make a read safe are in the executor (src/unwind/follow.hpp), once, whatever the rule says.
#pragma once

#include <cstdint>

#include "surefoot/layout.h"

namespace surefoot {

/// Where a word of the caller's state is. The enumerator is its spelling in assembly (.special_range in asm.h).
enum class From : std::uint8_t {
  /// Unknown; of a link register: not live.
  nowhere = SUREFOOT_FROM_NOWHERE,
  /// {pc, fp} = {[fp + 8], [fp]}
  frame_record = SUREFOOT_FROM_FRAME_RECORD,
  /// x30
  link_register = SUREFOOT_FROM_LINK_REGISTER,
  /// x9, in which patch sites and trampolines hand an address on
  x9 = SUREFOOT_FROM_X9,
  /// [sp + offset]
  stack = SUREFOOT_FROM_STACK,
  /// The newest entry of the return stack with the key fp, as if a frame record held the hook at the range's start
  return_stack = SUREFOOT_FROM_RETURN_STACK,
  /// All of them, out of the exception frame whose record fp points to. Of code that a kernel's exception entry calls
  /// from, where its frames hold a plain record.
  exception_frame = SUREFOOT_FROM_EXCEPTION_FRAME,
  /// {pc, fp} = {[base + offset], [base + fp_offset]}: two slots of a frame, wherever it keeps them. Of a frame table.
  saved_pair,
  /// {pc, fp} = {[base + offset], fp}: of a function that uses x30 and leaves x29 alone. Of a frame table.
  saved_pc,
  /// There is no caller: fp is the task's final record, or the trace is not complete. Of a frame table.
  final_record,
};

/// What the offsets of a rule are from.
enum class Base : std::uint8_t { none, fp, sp };

/// A register transfer from a function to its caller. Where the pc does not come from a frame record, fp is unchanged.
/// All sources but the frame record and what is found by it alone, the exception frame and the return stack, hold for
/// interrupted code only, whose registers an exception has saved.
struct Rule {
  From pc = From::nowhere;
  /// Where the caller, which has no frame record of its own then, has its return address: the register that will be its
  /// link register. nowhere if the caller is described by a frame record, as usual.
  From lr = From::nowhere;
  /// 0, or n if the return-stack entry of the nth caller may be there while its return address is still in place: a
  /// tracer is at work between the two, or a return trampoline is about to pop.
  std::uint8_t in_flight = 0;
  Base base = Base::none;
  /// With From::stack, from sp. With From::frame_record, from the record to a second copy of the caller's pc, 0 if
  /// there is none: code that may change where it returns to is believed only while both copies agree. With
  /// From::saved_pair and From::saved_pc, from the base.
  std::int32_t offset = 0;
  /// With From::saved_pair, from the base. With From::frame_record, from the record to the pair {fp, lr} with which the
  /// caller goes on, 0 if there is none: believed only while it agrees with the caller's own record.
  std::int32_t fp_offset = 0;
  /// The caller's sp is base + cfa_offset (the CFA of DWARF), if there is a base; of a special range, if that is
  /// declared. Nothing of the caller is below it.
  std::int32_t cfa_offset = 0;

  [[nodiscard]] constexpr bool is_known() const noexcept { return pc != From::nowhere; }
  /// True if the rule reads registers that only an exception saves.
  [[nodiscard]] constexpr bool needs_registers() const noexcept {
    return pc != From::frame_record && pc != From::exception_frame && pc != From::return_stack;
  }
  /// True of a row that says what a frame record says: x29 points to the function's own record.
  [[nodiscard]] constexpr bool is_by_record() const noexcept {
    return pc == From::saved_pair && base == Base::fp && offset == SUREFOOT_FRAME_RECORD_OFFSET_LR && fp_offset == 0;
  }
  friend constexpr bool operator==(const Rule&, const Rule&) = default;
};

}  // namespace surefoot
