// SPDX-License-Identifier: MIT
//
// CFI that is right at calls only (M13), as compilers write it into .debug_frame without asynchronous unwind tables:
// the instructions are believed.
#include "rules.inc"

#define SIGNED_RECORD16 "sp+16 c-16 c-8[s]"

  .cfi_sections .debug_frame
  .text

define_leaf

// The signature is told where it is made, and the function ends in a tail call (clang 17, 18, 21 to 23).
begin signed_and_tail_call
  .cfi_startproc
  at ENTRY, paciasp
  .cfi_negate_ra_state
  at SIGNED, stp x29, x30, [sp, #-16]!
  at SIGNED_RECORD16, mov x29, sp
  .cfi_def_cfa w29, 16
  .cfi_offset w30, -8
  .cfi_offset w29, -16
  at SIGNED_RECORD16, bl leaf
  at SIGNED_RECORD16, ldp x29, x30, [sp], #16
  at SIGNED, autiasp
  at ENTRY, b leaf
  .cfi_endproc
end signed_and_tail_call

// The signature is told behind the prologue (clang 19).
begin signed_late_and_tail_call
  .cfi_startproc
  at ENTRY, paciasp
  at SIGNED, stp x29, x30, [sp, #-16]!
  at SIGNED_RECORD16, mov x29, sp
  .cfi_negate_ra_state
  .cfi_def_cfa w29, 16
  .cfi_offset w30, -8
  .cfi_offset w29, -16
  at SIGNED_RECORD16, bl leaf
  at SIGNED_RECORD16, ldp x29, x30, [sp], #16
  at SIGNED, autiasp
  at ENTRY, b leaf
  .cfi_endproc
end signed_late_and_tail_call

// Nothing is saved, and the end is a tail call.
begin locals_and_tail_call
  .cfi_startproc
  at ENTRY, sub sp, sp, #64
  .cfi_def_cfa_offset 64
  at "sp+64 u u", str x0, [sp]
  at "sp+64 u u", add sp, sp, #64
  at ENTRY, b leaf
  .cfi_endproc
end locals_and_tail_call

begin locals_and_tail_call_by_address
  .cfi_startproc
  at ENTRY, sub sp, sp, #64
  .cfi_def_cfa_offset 64
  at "sp+64 u u", str x0, [sp]
  at "sp+64 u u", add sp, sp, #64
  at ENTRY, br x1
  .cfi_endproc
end locals_and_tail_call_by_address

// With a shadow call stack (clang 14).
begin shadow
  .cfi_startproc
  at ENTRY, str x30, [x18], #8
  at ENTRY, stp x29, x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  at RECORD16, mov x29, sp
  .cfi_def_cfa 29, 16
  .cfi_offset 30, -8
  .cfi_offset 29, -16
  at RECORD16, bl leaf
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ldr x30, [x18, #-8]!
  at ENTRY, ret
  .cfi_endproc
end shadow

// CFI that says from the start on that the code is entered with a frame in place is not of this kind.
begin part
  .cfi_startproc
  .cfi_def_cfa 29, 16
  .cfi_offset 30, -8
  .cfi_offset 29, -16
  at NONE, mov x0, #1
  at NONE, b leaf
  .cfi_endproc
end part

// CFI that goes on counting from x29 behind its reload (GCC 12 and later).
begin base_restored
  .cfi_startproc
  at ENTRY, sub sp, sp, #112
  .cfi_def_cfa_offset 112
  at "sp+112 u u", stp x29, x30, [sp, #32]
  .cfi_offset 29, -80
  .cfi_offset 30, -72
  at "sp+112 u u", add x29, sp, #32
  .cfi_def_cfa 29, 80
  at "sp+112 c-80 c-72", bl leaf
  at "sp+112 c-80 c-72", ldp x29, x30, [sp, #32]
  .cfi_restore 30
  .cfi_restore 29
  at "sp+112 c-80 c-72", ldp x19, x20, [sp, #48]
  at "sp+112 c-80 c-72", add sp, sp, #112
  .cfi_def_cfa 31, 0
  at ENTRY, ret
  .cfi_endproc
end base_restored
