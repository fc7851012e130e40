// SPDX-License-Identifier: MIT
//
// Jump tables of all forms that compilers make, and some that nobody should believe.
#include "rules.inc"

  .text

begin leaf
  at ENTRY, ret
end leaf

// GCC: bytes from an anchor, bounded by the branch that is not taken.
begin bytes
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, cmp w0, #3
  at RECORD16, b.hi 9f
  at RECORD16, adrp x1, .Lbytes
  at RECORD16, add x1, x1, :lo12:.Lbytes
  at RECORD16, ldrb w1, [x1, w0, uxtw]
  at RECORD16, adr x2, .Lbytes_anchor
  at RECORD16, add x1, x2, w1, sxtb #2
  at RECORD16, br x1
.Lbytes_anchor:
0:
  at RECORD16, bl leaf
1:
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
2:
  at RECORD16, mov x0, #1
  at RECORD16, b 1b
3:
  at RECORD16, bl leaf
  at RECORD16, b 1b
9:
  at RECORD16, mov x0, #0
  at RECORD16, b 1b
end bytes
  .pushsection .rodata, "a"
.Lbytes:
  .byte (0b - .Lbytes_anchor) >> 2
  .byte (1b - .Lbytes_anchor) >> 2
  .byte (2b - .Lbytes_anchor) >> 2
  .byte (3b - .Lbytes_anchor) >> 2
  .popsection
