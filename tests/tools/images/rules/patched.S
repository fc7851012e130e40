// SPDX-License-Identifier: MIT
//
// Code to which no path in the image leads, since a branch is patched, a fault is mended, or a break does not come back
// (M1). It is entered as what follows tells, or has no rule.
#include "rules.inc"

#define FRAME32 "sp+32 c-32 c-24"

  .text

define_root
define_leaf
define_stops

// The first instruction becomes a branch to the end, which runs without a frame; the jump that nobody can follow leads
// to the two pieces before it, which run with one.
begin jump_label
  at ENTRY, nop
  at ENTRY, stp x29, x30, [sp, #-32]!
  at FRAME32, mov x29, sp
  at FRAME32, ldr x1, [x0]
  at FRAME32, br x1
  at FRAME32, mov w0, #1
  at FRAME32, ldp x29, x30, [sp], #32
  at ENTRY, ret
  at FRAME32, mov w0, #2
  at FRAME32, ldp x29, x30, [sp], #32
  at ENTRY, ret
  at ENTRY, add w0, w0, #1
  at ENTRY, ret
end jump_label

// A fault at the load goes to what stands behind a call that never returns, without a frame.
begin fixup
  at ENTRY, cbz x0, 1f
  at ENTRY, ldr x1, [x0]
  at ENTRY, mov x0, x1
  at ENTRY, ret
1:
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl stops
  at ENTRY, mov x0, #-14
  at ENTRY, ret
end fixup

// The same where the load has a frame around it.
begin fixup_with_frame
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, cbz x0, 2f
  at RECORD16, ldr x1, [x0]
1:
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
2:
  at RECORD16, bl stops
  at RECORD16, mov x0, #-14
  at RECORD16, b 1b
end fixup_with_frame

// The branch becomes a NOP. The break is not gone on from; what is behind it is reached from the middle, with a frame.
begin alternative
  at ENTRY, b 3f
  at ENTRY, stp x29, x30, [sp, #-32]!
  at FRAME32, mov x29, sp
  at FRAME32, cbz x0, 4f
5:
  at FRAME32, ldp x29, x30, [sp], #32
  at ENTRY, ret
3:
  at ENTRY, brk #0x800
4:
  at FRAME32, ldr x0, [x0]
  at FRAME32, bl leaf
  at FRAME32, b 5b
end alternative

// The same, where what is behind the break does not return.
begin alternative_that_stops
  at ENTRY, b 3f
  at ENTRY, stp x29, x30, [sp, #-32]!
  at FRAME32, mov x29, sp
  at FRAME32, cbz x0, 4f
  at FRAME32, ldp x29, x30, [sp], #32
  at ENTRY, ret
3:
  at ENTRY, brk #0x800
4:
  at FRAME32, ldr x0, [x0]
  at FRAME32, b 6f
6:
  at FRAME32, brk #0x800
end alternative_that_stops

// A warning is gone on from, to where a path leads anyway.
begin warning
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, cbz x0, 2f
1:
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
2:
  at RECORD16, bl leaf
  at RECORD16, brk #0x800
  at RECORD16, b 1b
end warning

// Nothing behind the break tells what it is entered with.
begin unknown_behind_a_break
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, brk #0x800
  at NONE, mov x0, #1
  at NONE, b .
end unknown_behind_a_break

// sp is had back from x29: where it was before that, nothing tells.
begin allocates
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, brk #0x800
  at "fp+16 c-16 c-8", add x0, x0, #1
  at "fp+16 c-16 c-8", mov sp, x29
  at "fp+16 c-16 c-8", ldp x29, x30, [sp], #16
  at ENTRY, ret
end allocates
