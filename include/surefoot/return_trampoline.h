// SPDX-License-Identifier: MIT
//
// The trampoline through which a function returns whose return address was replaced. return_to_handler is one; a kernel
// with return hooks of another kind makes its own. For .S files only.
#ifndef SUREFOOT_RETURN_TRAMPOLINE_H
#define SUREFOOT_RETURN_TRAMPOLINE_H

#include "surefoot/asm.h"
#include "surefoot/layout.h"

/// return_trampoline: a function `name` whose address may replace a return address P that was pushed to the return
/// stack (return_stack.hpp), with `name` as the entry's hook.
///   name: its symbol. Required.
///   kind: return_to_handler or return_hook. Required.
///   exit: a function ExitResult exit(ReturnFrame*), which returns P in x0 and the ReturnStack in x1, and leaves the
///     entry, which is the newest, in place. It may change what the function returns, in the frame. Required.
///
///   in: x0 to x8 = what the function returns, x29 and sp of P   out: the same, at P   clobbers: x9 to x17
///   stack: ReturnFrame   unwindable: throughout, by the special ranges at the end
/// Entered by RET, which needs no landing pad. Its first instruction is the address that stands in hooked records.
.macro return_trampoline name:req, kind:req, exit:req
.function \name
  .cfi_undefined 30  // P is on the return stack only
  sub sp, sp, #SUREFOOT_RETURN_FRAME_SIZE
  .cfi_def_cfa_offset SUREFOOT_RETURN_FRAME_SIZE
  stp x0, x1, [sp, #SUREFOOT_RETURN_FRAME_OFFSET_X0 + 0 * 8]
  stp x2, x3, [sp, #SUREFOOT_RETURN_FRAME_OFFSET_X0 + 2 * 8]
  stp x4, x5, [sp, #SUREFOOT_RETURN_FRAME_OFFSET_X0 + 4 * 8]
  stp x6, x7, [sp, #SUREFOOT_RETURN_FRAME_OFFSET_X0 + 6 * 8]
  str x8, [sp, #SUREFOOT_RETURN_FRAME_OFFSET_X0 + 8 * 8]
  // The record that the hooked function had, again: a walk resolves it by the entry with the key x29, as it did then.
  adr x30, \name
  stp x29, x30, [sp, #SUREFOOT_RETURN_FRAME_OFFSET_RECORD]
  add x29, sp, #SUREFOOT_RETURN_FRAME_OFFSET_RECORD
.L\name\()_in_frame:
  .cfi_offset 29, SUREFOOT_RETURN_FRAME_OFFSET_RECORD - SUREFOOT_RETURN_FRAME_SIZE
  mov x0, sp
  bl \exit
  // 1. P into the link register, while the entry is still there.
  mov x30, x0
  .cfi_same_value 30
  mov x10, x1
  // 2. P's frame pointer, and what the function returned.
  ldr x29, [sp, #SUREFOOT_RETURN_FRAME_OFFSET_RECORD + SUREFOOT_FRAME_RECORD_OFFSET_FP]
  .cfi_same_value 29
.L\name\()_has_lr:
  ldp x0, x1, [sp, #SUREFOOT_RETURN_FRAME_OFFSET_X0 + 0 * 8]
  ldp x2, x3, [sp, #SUREFOOT_RETURN_FRAME_OFFSET_X0 + 2 * 8]
  ldp x4, x5, [sp, #SUREFOOT_RETURN_FRAME_OFFSET_X0 + 4 * 8]
  ldp x6, x7, [sp, #SUREFOOT_RETURN_FRAME_OFFSET_X0 + 6 * 8]
  ldr x8, [sp, #SUREFOOT_RETURN_FRAME_OFFSET_X0 + 8 * 8]
  add sp, sp, #SUREFOOT_RETURN_FRAME_SIZE
  .cfi_def_cfa_offset 0
.L\name\()_has_sp:
  // 3. Pop, by the protocol of return_stack.hpp: the slot becomes invalid, then the depth goes down. An exception in
  // between that pushes and pops leaves the depth as it was.
  ldr x12, [x10, #SUREFOOT_RETURN_STACK_OFFSET_ENTRIES]
  ldr w11, [x10, #SUREFOOT_RETURN_STACK_OFFSET_DEPTH]
  sub w11, w11, #1
  add x12, x12, x11, lsl #SUREFOOT_RETURN_ENTRY_SIZE_SHIFT
  str xzr, [x12, #SUREFOOT_RETURN_ENTRY_OFFSET_RETURN_ADDRESS]
  str w11, [x10, #SUREFOOT_RETURN_STACK_OFFSET_DEPTH]
  ret
.L\name\()_end:
  // No range begins right after the bl: its return address would then be the start of a range of this kind, and look
  // like a hook.
  // R1: P is on the return stack only.
  .special_range \name, .L\name\()_in_frame, \kind, pc=return_stack
  // R2, R4: the record holds the hook.
  .special_range .L\name\()_in_frame, .L\name\()_has_lr, \kind, pc=frame_record
  // R5: P is in the link register, and its entry may be there still. First sp is below the frame, then it is P's.
  .special_range .L\name\()_has_lr, .L\name\()_has_sp, \kind, pc=link_register, in_flight=1, \
    caller_sp=SUREFOOT_RETURN_FRAME_SIZE
  .special_range .L\name\()_has_sp, .L\name\()_end, \kind, pc=link_register, in_flight=1, caller_sp=0
.end_function \name
.endm

#endif  // SUREFOOT_RETURN_TRAMPOLINE_H
