// SPDX-License-Identifier: MIT
//
// Prologues and epilogues in orders that a compiler rarely chooses, or never. See shapes.hpp.
#include "arch/patchable_function.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

  .set .Lpaciasp, 25              // hint numbers, as older assemblers do not know the names without FEAT_PAuth
  .set .Lautiasp, 29

// .cfi_at: the state of a function whose record lies at CFA - \record, with the CFA at sp + \size.
.macro .cfi_at size:req, record:req
  .cfi_def_cfa 31, \size
  .cfi_offset 29, -\record
  .cfi_offset 30, 8 - \record
.endm

// .cfi_no_record: the state of a function's entry and of its end.
.macro .cfi_no_record
  .cfi_def_cfa 31, 0
  .cfi_restore 29
  .cfi_restore 30
.endm

// All of the functions below:
//   in: x0 = x, x1 = callee   out: x0   clobbers: what a call may   stack: a frame
//   unwindable: by the record, from where x29 points at it

// The record is above the room for everything else, and is made before x19 is saved.
patchable_function sweep_record_at_top
  sub sp, sp, #64
  .cfi_def_cfa_offset 64
  stp x29, x30, [sp, #48]
  .cfi_at 64, 16
  add x29, sp, #48
  str x19, [sp, #8]
  .cfi_offset 19, -56
  mov x19, x0
  add x0, x0, #1
  blr x1
  add x0, x0, x19
  ldr x19, [sp, #8]
  .cfi_restore 19
  ldp x29, x30, [sp, #48]
  .cfi_restore 29
  .cfi_restore 30
  add sp, sp, #64
  .cfi_def_cfa_offset 0
  ret
.end_function sweep_record_at_top

// One half of the record at a time: twice there is a moment at which only one is there, or only one is loaded.
patchable_function sweep_record_by_single_stores
  sub sp, sp, #32
  .cfi_def_cfa_offset 32
  str x30, [sp, #8]
  .cfi_offset 30, -24
  str x29, [sp]
  .cfi_offset 29, -32
  mov x29, sp
  add x0, x0, #1
  blr x1
  ldr x29, [sp]
  .cfi_restore 29
  nop
  ldr x30, [sp, #8]
  .cfi_restore 30
  add sp, sp, #32
  .cfi_def_cfa_offset 0
  ret
.end_function sweep_record_by_single_stores

// The size of the frame comes from a register.
patchable_function sweep_frame_by_register
  mov x9, #0x10e0
  sub sp, sp, x9
  .cfi_def_cfa_offset 0x10e0
  stp x29, x30, [sp, #16]
  .cfi_at 0x10e0, 0x10d0
  add x29, sp, #16
  add x0, x0, #1
  blr x1
  ldp x29, x30, [sp, #16]
  .cfi_restore 29
  .cfi_restore 30
  mov x9, #0x10e0
  add sp, sp, x9
  .cfi_def_cfa_offset 0
  ret
.end_function sweep_frame_by_register

// sp is aligned down to a boundary of 64 bytes, so that only x29 tells where the frame is.
patchable_function sweep_realigned_frame
  stp x29, x30, [sp, #-16]!
  .cfi_at 16, 16
  mov x29, sp
  .cfi_def_cfa 29, 16
  sub x9, sp, #80
  and sp, x9, #0xffffffffffffffc0
  str x0, [sp]
  add x0, x0, #1
  blr x1
  ldr x9, [sp]
  add x0, x0, x9
  mov sp, x29
  .cfi_def_cfa 31, 16
  ldp x29, x30, [sp], #16
  .cfi_no_record
  ret
.end_function sweep_realigned_frame

// Three ends: two of them are tail calls, by a register and by an immediate.
patchable_function sweep_ends_in_tail_calls
  stp x29, x30, [sp, #-32]!
  .cfi_at 32, 32
  mov x29, sp
  stp x0, x1, [sp, #16]
  add x0, x0, #1
  blr x1
  ldp x9, x16, [sp, #16]
  cmp x9, #1
  b.eq .Lto_leaf
  b.hi .Lto_callee
  ldp x29, x30, [sp], #32
  .cfi_no_record
  ret
.Lto_callee:
  .cfi_at 32, 32
  ldp x29, x30, [sp], #32
  .cfi_no_record
  br x16                          // by x16: BTI C takes it for a call
.Lto_leaf:
  .cfi_at 32, 32
  ldp x29, x30, [sp], #32
  .cfi_no_record
  b sweep_leaf_with_frame
.end_function sweep_ends_in_tail_calls

// lr is a register like any other while the record holds the return address, before the call and after it.
patchable_function sweep_lr_as_scratch
  stp x29, x30, [sp, #-16]!
  .cfi_at 16, 16
  mov x29, sp
  add x30, x0, #1
  lsl x30, x30, #3
  lsr x0, x30, #3
  blr x1
  adr x30, sweep_lr_as_scratch
  sub x30, x30, x30
  add x0, x0, x30
  ldp x29, x30, [sp], #16
  .cfi_no_record
  ret
.end_function sweep_lr_as_scratch

// Other registers are pushed first, and the record lies below them.
patchable_function sweep_saves_below_record
  stp x19, x20, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset 19, -16
  .cfi_offset 20, -8
  str x21, [sp, #-16]!
  .cfi_def_cfa_offset 32
  .cfi_offset 21, -32
  stp x29, x30, [sp, #-16]!
  .cfi_at 48, 48
  mov x29, sp
  mov x19, x0
  add x0, x0, #1
  blr x1
  add x0, x0, x19
  ldp x29, x30, [sp], #16
  .cfi_def_cfa_offset 32
  .cfi_restore 29
  .cfi_restore 30
  ldr x21, [sp], #16
  .cfi_def_cfa_offset 16
  .cfi_restore 21
  ldp x19, x20, [sp], #16
  .cfi_def_cfa_offset 0
  .cfi_restore 19
  .cfi_restore 20
  ret
.end_function sweep_saves_below_record

// Arguments are pushed for one call, and taken away behind it.
patchable_function sweep_moves_sp_in_body
  stp x29, x30, [sp, #-16]!
  .cfi_at 16, 16
  mov x29, sp
  .cfi_def_cfa 29, 16
  stp x0, x1, [sp, #-48]!
  add x0, x0, #1
  blr x1
  ldp x9, x1, [sp], #48
  sub sp, sp, #32
  blr x1
  add sp, sp, #32
  .cfi_def_cfa 31, 16
  ldp x29, x30, [sp], #16
  .cfi_no_record
  ret
.end_function sweep_moves_sp_in_body

//   in: x0   out: x0   clobbers: x9   stack: 48 bytes, leaf   unwindable: by the link register only
patchable_function sweep_leaf_with_frame
  sub sp, sp, #48
  .cfi_def_cfa_offset 48
  str x0, [sp, #40]
  ldr x9, [sp, #40]
  add x0, x0, x9
  add sp, sp, #48
  .cfi_def_cfa_offset 0
  ret
.end_function sweep_leaf_with_frame

//   in: x0   out: x0   clobbers: nothing   stack: 16 bytes, leaf   unwindable: by the frame table only
// lr is on the stack, and x29 is still the caller's.
patchable_function sweep_leaf_with_saved_lr
  str x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset 30, -16
  add x30, x0, #5
  eor x0, x0, x30
  ldr x30, [sp], #16
  .cfi_def_cfa_offset 0
  .cfi_restore 30
  ret
.end_function sweep_leaf_with_saved_lr

// Signed and authenticated on each of two paths, as a shrink-wrapped function is.
patchable_function sweep_signed_twice
  cbz x0, .Lsecond
  hint #.Lpaciasp
  .cfi_negate_ra_state
  stp x29, x30, [sp, #-16]!
  .cfi_at 16, 16
  mov x29, sp
  blr x1
  ldp x29, x30, [sp], #16
  .cfi_no_record
  hint #.Lautiasp
  .cfi_negate_ra_state
  ret
.Lsecond:
  hint #.Lpaciasp
  .cfi_negate_ra_state
  stp x29, x30, [sp, #-32]!
  .cfi_at 32, 32
  mov x29, sp
  blr x1
  mov sp, x29
  ldp x29, x30, [sp], #32
  .cfi_no_record
  hint #.Lautiasp
  .cfi_negate_ra_state
  ret
.end_function sweep_signed_twice
