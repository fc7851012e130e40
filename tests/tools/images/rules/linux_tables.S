// SPDX-License-Identifier: MIT
//
// Ways that the image tells in tables as Linux has them (M3, M4). Beside each there is the same code of which no table
// speaks, to show that the table is what makes the rule.
#include "rules.inc"

#define FRAME32 "sp+32 c-32 c-24"

// from, to: a fault of the one goes on at the other.
.macro fixup from:req, to:req
  .pushsection __ex_table, "a", %progbits
  .word \from - ., \to - .
  .hword 2, 0
  .popsection
.endm

// A branch or a NOP, and the target.
.macro static_key at:req, to:req
  .pushsection __jump_table, "aw", %progbits
  .word \at - ., \to - .
  .quad 0
  .popsection
.endm

.macro alternative start:req, replacement:req, bytes:req
  .pushsection .altinstructions, "a", %progbits
  .word \start - ., \replacement - .
  .hword 5
  .byte \bytes, \bytes
  .popsection
.endm

// flags: 1 for a warning.
.macro bug at:req, flags:req
  .pushsection __bug_table, "aw", %progbits
  .word \at - ., 0
  .hword 7, \flags
  .popsection
.endm

  .text

define_leaf
define_stops

// Behind a call that never returns; what follows ends in no return, so that only the table tells.
begin fixed_up
  at ENTRY, stp x29, x30, [sp, #-32]!
  at FRAME32, mov x29, sp
.Lload:
  at FRAME32, ldr x1, [x0]
  at FRAME32, bl stops
.Lfixup:
  at FRAME32, mov x0, #-14
  at FRAME32, b .
end fixed_up
  fixup .Lload, .Lfixup

begin not_fixed_up
  at ENTRY, stp x29, x30, [sp, #-32]!
  at FRAME32, mov x29, sp
  at FRAME32, ldr x1, [x0]
  at FRAME32, bl stops
  at NONE, mov x0, #-14
  at NONE, b .
end not_fixed_up

// The NOP becomes a branch to what no path leads to.
begin key
  at ENTRY, stp x29, x30, [sp, #-32]!
  at FRAME32, mov x29, sp
.Lkey:
  at FRAME32, nop
  at FRAME32, ldp x29, x30, [sp], #32
  at ENTRY, ret
.Lkey_taken:
  at FRAME32, mov x0, #1
  at FRAME32, b .
end key
  static_key .Lkey, .Lkey_taken

// The branch becomes a NOP.
begin key_on
.Lkey_on:
  at ENTRY, b .Lkey_on_taken
  at ENTRY, sub sp, sp, #32
  at "sp+32 u u", b .
.Lkey_on_taken:
  at ENTRY, ret
end key_on
  static_key .Lkey_on, .Lkey_on_taken

// A branch in the place of a NOP, and one in the place of the second.
begin alternatives
  at ENTRY, stp x29, x30, [sp, #-32]!
  at FRAME32, mov x29, sp
.Lalternative:
  at FRAME32, nop
  at FRAME32, nop
.Lalternative_end:
  at FRAME32, ldp x29, x30, [sp], #32
  at ENTRY, ret
.Lalternative_target:
  at FRAME32, mov x0, #1
  at FRAME32, b .
end alternatives
.Lreplacement:
  mov x1, #1
  cbz x1, .Lalternative_target
  alternative .Lalternative, .Lreplacement, 8

// The other code moves sp: where both may be, there is no rule.
begin alternative_frames
.Lalternative_sp:
  at ENTRY, nop
  at NONE, b .
end alternative_frames
.Lreplacement_sp:
  sub sp, sp, #32
  alternative .Lalternative_sp, .Lreplacement_sp, 4

// A warning is gone on from; a bug is not, and makes the function one that never returns.
begin warns
  at ENTRY, stp x29, x30, [sp, #-32]!
  at FRAME32, mov x29, sp
.Lwarning:
  at FRAME32, brk #0x800
  at FRAME32, mov x0, #1
  at FRAME32, b .
end warns
  bug .Lwarning, 1

begin dies
.Lbug:
  at ENTRY, brk #0x800
  at NONE, mov x29, #0
end dies
  bug .Lbug, 0

begin calls_what_dies
  at ENTRY, stp x29, x30, [sp, #-32]!
  at FRAME32, mov x29, sp
  at FRAME32, bl dies
  at NONE, mov x29, #0
end calls_what_dies
