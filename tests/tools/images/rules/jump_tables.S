// SPDX-License-Identifier: MIT
//
// Jump tables of all forms that compilers make, and some that must not be believed.
#include "rules.inc"

// The pieces of a switch, to which only the table leads, with x30 lost. Where another way leads to the last piece, its
// rule shows whether the table does too.
.macro pieces
0:
  at "sp+16 u c-16", add x0, x0, #1
  at "sp+16 u c-16", b 8f
2:
  at "sp+16 u c-16", add x0, x0, #3
  at "sp+16 u c-16", b 8f
8:
  at "sp+16 u c-16", ldr x30, [sp], #16
  at ENTRY, ret
1:
  at "sp+16 u c-16", ldr x30, [sp], #16
  at ENTRY, ret
.endm

.macro frame
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", bl leaf
.endm

  .text

define_leaf

// GCC: bytes from an anchor, bounded by a branch that is not taken.
begin bytes
  frame
  at "sp+16 u c-16", cmp w0, #2
  at "sp+16 u c-16", b.hi 8f
  at "sp+16 u c-16", adrp x1, .Lbytes
  at "sp+16 u c-16", add x1, x1, :lo12:.Lbytes
  at "sp+16 u c-16", ldrb w1, [x1, w0, uxtw]
  at "sp+16 u c-16", adr x2, .Lbytes_anchor
  at "sp+16 u c-16", add x1, x2, w1, sxtb #2
  at "sp+16 u c-16", br x1
.Lbytes_anchor:
  pieces
end bytes
  .pushsection .rodata, "a"
.Lbytes:
  .byte (0b - .Lbytes_anchor) / 4, (1b - .Lbytes_anchor) / 4, (2b - .Lbytes_anchor) / 4
  .popsection

// ... halfwords, behind the anchor, by a branch that is taken.
begin halfwords
  frame
  at "sp+16 u c-16", cmp x0, #3
  at "sp+16 u c-16", b.lo 3f
  at "sp+16 u c-16", b 8f
3:
  at "sp+16 u c-16", adrp x1, .Lhalfwords
  at "sp+16 u c-16", add x1, x1, :lo12:.Lhalfwords
  at "sp+16 u c-16", ldrh w1, [x1, x0, lsl #1]
  at "sp+16 u c-16", adr x2, .Lhalfwords_anchor
  at "sp+16 u c-16", add x1, x2, w1, sxth #2
  at "sp+16 u c-16", br x1
  pieces
.Lhalfwords_anchor:
end halfwords
  .pushsection .rodata, "a"
  .balign 2
.Lhalfwords:
  .hword (0b - .Lhalfwords_anchor) / 4, (1b - .Lhalfwords_anchor) / 4, (2b - .Lhalfwords_anchor) / 4
  .popsection

// clang: words from the table itself; the index in a register of its own.
begin words
  frame
  at "sp+16 u c-16", mov w8, w0
  at "sp+16 u c-16", cmp w0, #2
  at "sp+16 u c-16", b.hi 8f
  at "sp+16 u c-16", adrp x9, .Lwords
  at "sp+16 u c-16", add x9, x9, :lo12:.Lwords
  at "sp+16 u c-16", ldrsw x10, [x9, x8, lsl #2]
  at "sp+16 u c-16", add x9, x9, x10
  at "sp+16 u c-16", br x9
  pieces
end words
  .pushsection .rodata, "a"
  .balign 4
.Lwords:
  .word 0b - .Lwords, 1b - .Lwords, 2b - .Lwords
  .popsection

// Addresses, bounded by a mask.
begin addresses
  frame
  at "sp+16 u c-16", and x8, x0, #3
  at "sp+16 u c-16", adrp x9, .Laddresses
  at "sp+16 u c-16", add x9, x9, :lo12:.Laddresses
  at "sp+16 u c-16", ldr x9, [x9, x8, lsl #3]
  at "sp+16 u c-16", br x9
  pieces
end addresses
  .pushsection .rodata, "a"
  .balign 8
.Laddresses:
  .quad 0b, 1b, 2b, 2b
  .popsection

// A value that was stored and loaded again has no bound: the table ends where it leads out of the function.
begin not_bounded
  frame
  at "sp+16 u c-16", ldr w8, [x0]
  at "sp+16 u c-16", adrp x9, .Lnot_bounded
  at "sp+16 u c-16", add x9, x9, :lo12:.Lnot_bounded
  at "sp+16 u c-16", ldr x9, [x9, x8, lsl #3]
  at "sp+16 u c-16", br x9
  pieces
end not_bounded
  .pushsection .rodata, "a"
.Lnot_bounded:
  .quad 0b, 1b, 2b, leaf
  .popsection

// What is compared is the low word, and what is looked up the whole register: no bound.
begin bounded_in_part
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", cbz x1, 1f
  at "sp+16 u c-16", bl leaf
  at "sp+16 u c-16", cmp w0, #0
  at "sp+16 u c-16", b.hi 8f
  at "sp+16 u c-16", adrp x9, .Lbounded_in_part
  at "sp+16 u c-16", add x9, x9, :lo12:.Lbounded_in_part
  at "sp+16 u c-16", ldr x9, [x9, x0, lsl #3]
  at "sp+16 u c-16", br x9
  pieces
end bounded_in_part
  .pushsection .rodata, "a"
.Lbounded_in_part:
  .quad 0b, 1b, 2b
  .popsection

// ... unless it is known to be a word.
begin bounded_word
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", cbz x1, 3f
  at "sp+16 u c-16", bl leaf
  at "sp+16 u c-16", ldrb w8, [x0]
  at "sp+16 u c-16", sub w8, w8, w1
  at "sp+16 u c-16", cmp w8, #2
  at "sp+16 u c-16", b.hi 8f
  at "sp+16 u c-16", adrp x9, .Lbounded_word
  at "sp+16 u c-16", add x9, x9, :lo12:.Lbounded_word
  at "sp+16 u c-16", ldr x9, [x9, x8, lsl #3]
  at "sp+16 u c-16", br x9
  pieces
3:
  at "sp+16 u u", ldr x30, [sp], #16
  at ENTRY, ret
end bounded_word
  .pushsection .rodata, "a"
.Lbounded_word:
  .quad 0b, 1b, 2b, 3b
  .popsection

// A program may write other addresses there.
begin writable
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", cbz x1, 1f
  at "sp+16 u c-16", bl leaf
  at "sp+16 u c-16", cmp x0, #1
  at "sp+16 u c-16", b.hi 8f
  at "sp+16 u c-16", adrp x9, .Lwritable
  at "sp+16 u c-16", add x9, x9, :lo12:.Lwritable
  at "sp+16 u c-16", ldr x9, [x9, x0, lsl #3]
  at "sp+16 u c-16", br x9
  pieces
end writable
  .pushsection .data, "aw"
.Lwritable:
  .quad 0b, 2b
  .popsection

// A target that is no instruction of the function: who knows what the others are.
begin leads_out
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", cbz x1, 1f
  at "sp+16 u c-16", bl leaf
  at "sp+16 u c-16", cmp x0, #1
  at "sp+16 u c-16", b.hi 8f
  at "sp+16 u c-16", adrp x9, .Lleads_out
  at "sp+16 u c-16", add x9, x9, :lo12:.Lleads_out
  at "sp+16 u c-16", ldr x9, [x9, x0, lsl #3]
  at "sp+16 u c-16", br x9
  pieces
end leads_out
  .pushsection .rodata, "a"
.Lleads_out:
  .quad 0b, leaf
  .popsection

// The sign of an entry is lost.
begin cut_off
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", cbz x1, 1f
  at "sp+16 u c-16", bl leaf
  at "sp+16 u c-16", cmp x0, #1
  at "sp+16 u c-16", b.hi 8f
  at "sp+16 u c-16", adrp x9, .Lcut_off
  at "sp+16 u c-16", add x9, x9, :lo12:.Lcut_off
  at "sp+16 u c-16", ldrsw x10, [x9, x0, lsl #2]
  at "sp+16 u c-16", mov w10, w10
  at "sp+16 u c-16", add x9, x9, x10
  at "sp+16 u c-16", br x9
  pieces
end cut_off
  .pushsection .rodata, "a"
  .balign 4
.Lcut_off:
  .word 0b - .Lcut_off, 2b - .Lcut_off
  .popsection

// In a leaf function, before there is a frame.
begin without_a_frame
  at ENTRY, cmp x0, #1
  at ENTRY, b.hi 8f
  at ENTRY, adrp x9, .Lwithout_a_frame
  at ENTRY, add x9, x9, :lo12:.Lwithout_a_frame
  at ENTRY, ldr x9, [x9, x0, lsl #3]
  at ENTRY, br x9
0:
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", bl leaf
  at "sp+16 u c-16", ldr x30, [sp], #16
1:
  at ENTRY, ret
8:
  at ENTRY, ret
end without_a_frame
  .pushsection .rodata, "a"
  .balign 8
.Lwithout_a_frame:
  .quad 0b, 1b
  .popsection

// OCaml: branches, behind the jump. Nothing but the table tells what the endless loop is entered with.
begin branches
  frame
  at "sp+16 u c-16", adr x16, 3f
  at "sp+16 u c-16", add x16, x16, x1, lsl #2
  at "sp+16 u c-16", br x16
3:
  at "sp+16 u c-16", b 0f
  at "sp+16 u c-16", b 1f
  at "sp+16 u c-16", b 2f
  at "sp+16 u c-16", b 4f
  pieces
4:
  at "sp+16 u c-16", bl leaf
  at "sp+16 u c-16", b 4b
end branches

// Straight code has no entries that tell where they are: the jump may go to any of it.
begin into_straight_code
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", bl leaf
  at "sp+16 u c-16", adr x16, 3f
  at "sp+16 u c-16", add x16, x16, x1, lsl #2
  at "sp+16 u c-16", br x16
3:
  at NONE, add x0, x0, #1
  at NONE, str x0, [x19]
  at NONE, bl leaf
  at NONE, ldr x9, [x19], #8
  at NONE, br x9
end into_straight_code
