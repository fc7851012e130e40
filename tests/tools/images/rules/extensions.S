// SPDX-License-Identifier: MIT
//
// Extensions of the architecture, and shadow call stacks (M7, M8): the return address in a second place, signed with
// the pc, memory copied by instructions of its own.
#include "rules.inc"

#define COPIED "sp+64 c-16 c-8"

  .text

define_leaf

begin shadow
  at ENTRY, str x30, [x18], #8
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl leaf
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ldr x30, [x18, #-8]!
  at ENTRY, ret
end shadow

// GCC's: for one instruction the return address is on the shadow call stack alone, which no frame table can say.
begin shadow_of_gcc
  at ENTRY, str x30, [x18], #8
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, cbz x0, 1f
  at RECORD16, bl leaf
1:
  at RECORD16, ldr x29, [sp], #16
  at NONE, ldr x30, [x18, #-8]!
  at ENTRY, ret
end shadow_of_gcc

begin shadow_with_tail_call
  at ENTRY, str x30, [x18], #8
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl leaf
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ldr x30, [x18, #-8]!
  at ENTRY, b leaf
end shadow_with_tail_call

begin signed_with_pc
1:
  at ENTRY, paciasppc
  at SIGNED, stp x29, x30, [sp, #-16]!
  at "sp+16 c-16 c-8[s]", mov x29, sp
  at "sp+16 c-16 c-8[s]", bl leaf
  at "sp+16 c-16 c-8[s]", ldp x29, x30, [sp], #16
  at SIGNED, retaasppc 1b
end signed_with_pc

begin signed_with_pc_and_tail_call
1:
  at ENTRY, pacibsppc
  at SIGNED, stp x29, x30, [sp, #-16]!
  at "sp+16 c-16 c-8[s]", mov x29, sp
  at "sp+16 c-16 c-8[s]", bl leaf
  at "sp+16 c-16 c-8[s]", ldp x29, x30, [sp], #16
  at SIGNED, autibsppc 1b
  at ENTRY, b leaf
end signed_with_pc_and_tail_call

begin signed_with_pc_in_register
1:
  at ENTRY, paciasppc
  at SIGNED, stp x29, x30, [sp, #-16]!
  at "sp+16 c-16 c-8[s]", mov x29, sp
  at "sp+16 c-16 c-8[s]", bl leaf
  at "sp+16 c-16 c-8[s]", ldp x29, x30, [sp], #16
  at SIGNED, adr x16, 1b
  at SIGNED, retaasppcr x16
end signed_with_pc_in_register

// Of a known size into an array beside the record, and of an unknown one.
begin copies_memory
  at ENTRY, sub sp, sp, #64
  at "sp+64 u u", stp x29, x30, [sp, #48]
  at "sp+64 u u", add x29, sp, #48
  at COPIED, mov x8, sp
  at COPIED, mov x9, x1
  at COPIED, mov x10, #48
  at COPIED, cpyfp [x8]!, [x9]!, x10!
  at COPIED, cpyfm [x8]!, [x9]!, x10!
  at COPIED, cpyfe [x8]!, [x9]!, x10!
  at COPIED, mov x8, sp
  at COPIED, setp [x8]!, x2!, xzr
  at COPIED, setm [x8]!, x2!, xzr
  at COPIED, sete [x8]!, x2!, xzr
  at COPIED, bl leaf
  at COPIED, ldp x29, x30, [sp, #48]
  at COPIED, add sp, sp, #64
  at ENTRY, ret
end copies_memory

// Over the record: where it was is nothing of the caller's any more.
begin copies_over_record
  at ENTRY, sub sp, sp, #64
  at "sp+64 u u", stp x29, x30, [sp, #48]
  at "sp+64 u u", add x29, sp, #48
  at COPIED, mov x8, sp
  at COPIED, mov x10, #49
  at COPIED, setp [x8]!, x10!, xzr
  at NONE, brk #1
end copies_over_record

begin stores_tags
  at ENTRY, sub sp, sp, #64
  at "sp+64 u u", stp x29, x30, [sp, #48]
  at "sp+64 u u", add x29, sp, #48
  at COPIED, irg x8, sp
  at COPIED, st2g x8, [x8], #32
  at COPIED, stg x8, [x8]
  at COPIED, stz2g sp, [sp]
  at COPIED, stgp x0, x1, [sp, #16]
  at COPIED, st2g sp, [sp]
  at COPIED, bl leaf
  at COPIED, ldp x29, x30, [sp, #48]
  at COPIED, add sp, sp, #64
  at ENTRY, ret
end stores_tags
