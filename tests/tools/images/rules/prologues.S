// SPDX-License-Identifier: MIT
//
// How compilers and authors make a frame, and take it away.
#include "rules.inc"

  .text

define_root

begin leaf
  at ENTRY, add x0, x0, #1
  at ENTRY, ret
end leaf

begin pre_index
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl leaf
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
end pre_index

// clang: the frame first, the pair at its top.
begin pair_at_top
  at ENTRY, sub sp, sp, #48
  at "sp+48 u u", stp x20, x19, [sp, #16]
  at "sp+48 u u", stp x29, x30, [sp, #32]
  at "sp+48 u u", add x29, sp, #32
  at "sp+48 c-16 c-8", bl leaf
  at "sp+48 c-16 c-8", ldp x20, x19, [sp, #16]
  at "sp+48 c-16 c-8", ldp x29, x30, [sp, #32]
  at "sp+48 c-16 c-8", add sp, sp, #48
  at ENTRY, ret
end pair_at_top

// -fomit-frame-pointer: x30 alone, and x29 as it was.
begin lr_alone
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", bl leaf
  at "sp+16 u c-16", ldr x30, [sp], #16
  at ENTRY, ret
end lr_alone

// ... and x29 as a register like any other.
begin fp_as_any
  at ENTRY, sub sp, sp, #32
  at "sp+32 u u", stp x30, x29, [sp, #16]
  at "sp+32 u u", mov x29, x0
  at "sp+32 c-8 c-16", bl leaf
  at "sp+32 c-8 c-16", add x0, x0, x29
  at "sp+32 c-8 c-16", ldp x30, x29, [sp, #16]
  at "sp+32 c-8 c-16", add sp, sp, #32
  at ENTRY, ret
end fp_as_any

// The return address is in x30 and x29 is in the frame: the format has no rule for that.
begin fp_saved_in_leaf
  at ENTRY, str x29, [sp, #-16]!
  at "sp+16 u u", mov x29, x0
  at NONE, add x0, x29, #1
  at NONE, ldr x29, [sp], #16
  at ENTRY, ret
end fp_saved_in_leaf

begin large_frame
  at ENTRY, mov x16, #0x8230
  at ENTRY, movk x16, #1, lsl #16
  at ENTRY, sub sp, sp, x16
  at "sp+98864 u u", stp x29, x30, [sp]
  at "sp+98864 u u", mov x29, sp
  at "sp+98864 c-98864 c-98856", bl leaf
  at "sp+98864 c-98864 c-98856", ldp x29, x30, [sp]
  at "sp+98864 c-98864 c-98856", mov x16, #0x8230
  at "sp+98864 c-98864 c-98856", movk x16, #1, lsl #16
  at "sp+98864 c-98864 c-98856", add sp, sp, x16
  at ENTRY, ret
end large_frame

// The page by page allocation of -fstack-clash-protection: sp is known again where it is found equal.
begin probed_frame
  at ENTRY, sub x9, sp, #16, lsl #12
  at NONE, 1: sub sp, sp, #1, lsl #12
  at NONE, str xzr, [sp]
  at NONE, cmp sp, x9
  at NONE, b.ne 1b
  at "sp+65536 u u", mov sp, x9
  at "sp+65536 u u", add sp, sp, #16, lsl #12
  at ENTRY, ret
end probed_frame

begin shrink_wrapped
  at ENTRY, cbz x0, 1f
  at ENTRY, stp x29, x30, [sp, #-32]!
  at "sp+32 c-32 c-24", mov x29, sp
  at "sp+32 c-32 c-24", str x19, [sp, #16]
  at "sp+32 c-32 c-24", bl leaf
  at "sp+32 c-32 c-24", ldr x19, [sp, #16]
  at "sp+32 c-32 c-24", ldp x29, x30, [sp], #32
  at ENTRY, ret
1:
  at ENTRY, mov x0, #0
  at ENTRY, ret
end shrink_wrapped

begin several_exits
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl leaf
  at RECORD16, cbz x0, 1f
  at RECORD16, cmp x0, #3
  at RECORD16, b.eq 2f
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
1:
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, b leaf
2:
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, mov x16, x0
  at ENTRY, br x16
end several_exits

// A variable array: from then on only x29 tells.
begin alloca
  at ENTRY, stp x29, x30, [sp, #-32]!
  at "sp+32 c-32 c-24", mov x29, sp
  at "sp+32 c-32 c-24", add x0, x0, #15
  at "sp+32 c-32 c-24", and x0, x0, #0xfffffffffffffff0
  at "sp+32 c-32 c-24", sub sp, sp, x0
  at "fp+32 c-32 c-24", mov x0, sp
  at "fp+32 c-32 c-24", bl leaf
  at "fp+32 c-32 c-24", mov sp, x29
  at "fp+32 c-32 c-24", ldp x29, x30, [sp], #32
  at ENTRY, ret
end alloca

begin alloca_by_register
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, mov x9, sp
  at RECORD16, sub x9, x9, w0, uxtw #4
  at RECORD16, mov sp, x9
  at "fp+16 c-16 c-8", bl leaf
  at "fp+16 c-16 c-8", sub sp, x29, #0
  at "fp+16 c-16 c-8", ldp x29, x30, [sp], #16
  at ENTRY, ret
end alloca_by_register

begin aligned
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, sub x9, sp, #112
  at RECORD16, and sp, x9, #0xffffffffffffffc0
  at "fp+16 c-16 c-8", str x0, [sp, #8]
  at "fp+16 c-16 c-8", bl leaf
  at "fp+16 c-16 c-8", mov sp, x29
  at "fp+16 c-16 c-8", ldp x29, x30, [sp], #16
  at ENTRY, ret
end aligned

begin signed_address
  at ENTRY, paciasp
  at SIGNED, stp x29, x30, [sp, #-16]!
  at "sp+16 c-16 c-8[s]", mov x29, sp
  at "sp+16 c-16 c-8[s]", bl leaf
  at "sp+16 c-16 c-8[s]", ldp x29, x30, [sp], #16
  at SIGNED, autiasp
  at ENTRY, ret
end signed_address

begin signed_and_returned_at_once
  at ENTRY, paciasp
  at SIGNED, stp x29, x30, [sp, #-16]!
  at "sp+16 u c-8[s]", bl leaf
  at "sp+16 u c-8[s]", ldp x29, x30, [sp], #16
  at SIGNED, .inst 0xd65f0bff  // retaa
end signed_and_returned_at_once

begin signed_in_other_words
  at ENTRY, .inst 0xdac107fe  // pacib x30, sp
  at SIGNED, str x30, [sp, #-16]!
  at "sp+16 u c-16[s]", bl leaf
  at "sp+16 u c-16[s]", ldr x30, [sp], #16
  at SIGNED, .inst 0xdac143fe  // xpaci x30
  at ENTRY, ret
end signed_in_other_words

begin landing_pad
  at ENTRY, bti c
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl leaf
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
end landing_pad

// A loop that pushes, and one that pops: neither tells how deep it is, and x29 is not set.
begin pushes_and_pops
  at ENTRY, mov x9, x0
1:
  at NONE, str x9, [sp, #-16]!
  at NONE, subs x9, x9, #1
  at NONE, b.ne 1b
2:
  at NONE, ldr x9, [sp], #16
  at NONE, cmp x9, x0
  at NONE, b.ne 2b
  at NONE, ret
end pushes_and_pops

begin pushes_and_pops_below_a_record
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, mov x9, x0
1:
  at "fp+16 c-16 c-8", str x9, [sp, #-16]!
  at "fp+16 c-16 c-8", subs x9, x9, #1
  at "fp+16 c-16 c-8", b.ne 1b
2:
  at "fp+16 c-16 c-8", ldr x9, [sp], #16
  at "fp+16 c-16 c-8", cmp x9, x0
  at "fp+16 c-16 c-8", b.ne 2b
  at "fp+16 c-16 c-8", mov sp, x29
  at "fp+16 c-16 c-8", ldp x29, x30, [sp], #16
  at ENTRY, ret
end pushes_and_pops_below_a_record

// The lr slot is the function's own to use again once it is reloaded.
begin slot_reused
  at ENTRY, stp x29, x30, [sp, #-16]!
  at "sp+16 u c-8", bl leaf
  at "sp+16 u c-8", ldr x30, [sp, #8]
  at "sp+16 u c-8", str x0, [sp, #8]
  at "sp+16 u u", ldr x0, [sp, #8]
  at "sp+16 u u", add sp, sp, #16
  at ENTRY, ret
end slot_reused

// By store instructions of each kind, in whole or in part.
begin slot_overwritten
  at ENTRY, stp x29, x30, [sp, #-64]!
  at "sp+64 u c-56", bl leaf
  at "sp+64 u c-56", strb w0, [sp, #15]
  at NONE, ldr x30, [sp, #8]
  at NONE, ldr x29, [sp], #64
  at NONE, ret
end slot_overwritten

begin lr_moved
  at ENTRY, mov x9, x30
  at ENTRY, bl leaf
  at NONE, ret x9
end lr_moved

// Between the load of the pair and the return sp is above what was saved.
begin pair_loaded_early
  at ENTRY, stp x29, x30, [sp, #-32]!
  at "sp+32 c-32 c-24", mov x29, sp
  at "sp+32 c-32 c-24", bl leaf
  at "sp+32 c-32 c-24", ldp x29, x30, [sp]
  at "sp+32 c-32 c-24", add sp, sp, #32
  at ENTRY, ret
end pair_loaded_early

begin sp_restored_first
  at ENTRY, stp x29, x30, [sp, #-32]!
  at "sp+32 c-32 c-24", mov x29, sp
  at "sp+32 c-32 c-24", bl leaf
  at "sp+32 c-32 c-24", add sp, sp, #32
  // Hazard X10: the pair is below sp.
  at NONE, ldp x29, x30, [sp, #-32]
  at NONE, ret
end sp_restored_first

// Unprivileged and tagged stores are stores too.
begin stored_by_tag
  at ENTRY, stp x29, x30, [sp, #-32]!
  at "sp+32 u c-24", bl leaf
  at "sp+32 u c-24", .inst 0xd9600be0  // stzg x0, [sp]
  at NONE, ldp x29, x30, [sp], #32
  at NONE, ret
end stored_by_tag

// A variable that holds an address on the stack is the callee's to change, once that has got the variable's address:
// what is stored by it afterwards may be anywhere, but not in the record.
begin has_a_list
  at ENTRY, sub sp, sp, #80
  at "sp+80 u u", stp x29, x30, [sp, #64]
  at "sp+80 u u", add x29, sp, #64
  at "sp+80 c-16 c-8", add x23, sp, #32
  at "sp+80 c-16 c-8", stp x23, x23, [sp, #32]
  at "sp+80 c-16 c-8", mov x0, x23
  at "sp+80 c-16 c-8", bl leaf
  at "sp+80 c-16 c-8", ldr x20, [sp, #32]
  at "sp+80 c-16 c-8", str x19, [x20, #32]
  at "sp+80 c-16 c-8", ldp x29, x30, [sp, #64]
  at "sp+80 c-16 c-8", add sp, sp, #80
  at ENTRY, ret
end has_a_list

// Goes to another stack and comes back, while x29 stays (M6).
begin switches_stack
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, mov sp, x1
  at "fp+16 c-16 c-8", blr x2
  at "fp+16 c-16 c-8", mov sp, x29
  at "fp+16 c-16 c-8", ldp x29, x30, [sp], #16
  at ENTRY, ret
end switches_stack

// The same of the end of the list, which points below itself.
begin has_the_end_of_a_list
  at ENTRY, sub sp, sp, #80
  at "sp+80 u u", stp x29, x30, [sp, #64]
  at "sp+80 u u", add x29, sp, #64
  at "sp+80 c-16 c-8", add x23, sp, #32
  at "sp+80 c-16 c-8", str x23, [sp, #40]
  at "sp+80 c-16 c-8", mov x0, x23
  at "sp+80 c-16 c-8", bl leaf
  at "sp+80 c-16 c-8", ldr x20, [sp, #40]
  at "sp+80 c-16 c-8", str x19, [x20, #32]
  at "sp+80 c-16 c-8", ldp x29, x30, [sp, #64]
  at "sp+80 c-16 c-8", add sp, sp, #80
  at ENTRY, ret
end has_the_end_of_a_list

// ... and where the function links others in itself: who is linked is written to by an address that is not known.
begin links_a_list
  at ENTRY, sub sp, sp, #80
  at "sp+80 u u", stp x29, x30, [sp, #64]
  at "sp+80 u u", add x29, sp, #64
  at "sp+80 c-16 c-8", add x23, sp, #32
  at "sp+80 c-16 c-8", stp x23, x23, [sp, #32]
  at "sp+80 c-16 c-8", ldr x1, [x0]
  at "sp+80 c-16 c-8", str x0, [x1, #8]
  at "sp+80 c-16 c-8", ldr x20, [sp, #40]
  at "sp+80 c-16 c-8", str x19, [x20, #32]
  at "sp+80 c-16 c-8", ldp x29, x30, [sp, #64]
  at "sp+80 c-16 c-8", add sp, sp, #80
  at ENTRY, ret
end links_a_list
