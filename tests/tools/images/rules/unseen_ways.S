// SPDX-License-Identifier: MIT
//
// Ways that no instruction shows. Code to which no path leads has a rule if one of the states that are known elsewhere
// agrees with all that follows, up to a return or to code to which a path leads.
#include "rules.inc"

  .text

define_leaf
define_stops

// An interpreter. x30 is still the return address where its first piece is entered from above, and is not where other
// pieces jump to it. What the piece in the middle is entered with nothing tells: it leaves by such a jump.
begin interpreter
  at ENTRY, stp x30, x19, [sp, #-16]!
  at "sp+16 u c-16", mov x19, x0
  at "sp+16 u c-16", ldr x0, [x19], #8
  at "sp+16 u c-16", ldr x9, [x19], #8
  at "sp+16 u c-16", br x9
  at NONE, bl leaf
  at NONE, ldr x9, [x19], #8
  at NONE, br x9
  at "sp+16 u c-16", ldp x30, x19, [sp], #16
  at ENTRY, ret
end interpreter

// Its frame is not the one of the code around it, which nobody jumps to without one.
begin interpreter_shrink_wrapped
  at ENTRY, cbz x0, 1f
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, ldr x9, [x0], #8
  at RECORD16, br x9
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
1:
  at ENTRY, mov x0, #1
  at ENTRY, ret
end interpreter_shrink_wrapped

// A jump without a frame is a tail call, whatever is behind it.
begin tail_call
  at ENTRY, cbz x0, 1f
  at ENTRY, ldr x16, [x0]
  at ENTRY, br x16
1:
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl leaf
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
end tail_call

// ... and leads nowhere inside. What is at the end gives a frame back that the function has.
begin tail_call_of_two
  at ENTRY, cbz x0, 1f
  at ENTRY, ldr x16, [x0]
  at ENTRY, br x16
1:
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl leaf
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
  at RECORD16, bl leaf
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
end tail_call_of_two

// Without a frame anywhere, and without calls, it is a switch.
begin leaf_switch
  at ENTRY, adrp x9, leaf_switch
  at ENTRY, add x9, x9, x0, lsl #2
  at ENTRY, br x9
  at ENTRY, mov x0, #1
  at ENTRY, ret
  at ENTRY, mov x0, #2
  at ENTRY, ret
end leaf_switch

// Behind a call that does not return may be what a jump like a tail call leads to: with the frame of either.
begin frame_of_either
  at ENTRY, cbz x0, 1f
  at ENTRY, ldr x16, [x0]
  at ENTRY, br x16
1:
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u u", bl stops
  at NONE, add x0, x0, #1
  at NONE, b .
end frame_of_either

// Code behind a call that never returns is entered with what the code says that it goes on to.
begin goes_on_after_all
  at ENTRY, cbz x0, 1f
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", bl stops
  at "sp+16 u c-16", ldr x30, [sp], #16
1:
  at ENTRY, ret
end goes_on_after_all

// ... whatever the call would leave: nobody saves the return address in one way and not in the other.
begin goes_on_otherwise
  at ENTRY, cbz x0, 1f
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u u", bl stops
  at ENTRY, mov x0, #1
1:
  at ENTRY, add x0, x0, #1
  at ENTRY, b .
end goes_on_otherwise

// Who comes to the middle, and how, nobody knows; the end is reached by a path.
begin entered_from_anywhere
  at ENTRY, cbz x0, 1f
  at ENTRY, ret
  at NONE, ldr x30, [x0]
  at NONE, mov sp, x0
1:
  at ENTRY, add x0, x0, #1
  at ENTRY, ret
end entered_from_anywhere

// Filling goes on into what follows it, or nobody runs it.
begin filled
  at ENTRY, cbz x0, 1f
  at ENTRY, b stops
  at ENTRY, nop
  at ENTRY, nop
1:
  at ENTRY, sub x0, x0, #1
  at ENTRY, cbnz x0, 1b
  at ENTRY, ret
  at NONE, nop
end filled

// What stands behind a way out against speculation nobody runs.
begin hardened
  at ENTRY, cbz x0, 1f
  at ENTRY, br x1
  at NONE, dsb sy
  at NONE, isb
1:
  at ENTRY, ret
  at NONE, dsb sy
  at NONE, isb
end hardened

// What an exception of OCaml does: it takes the stack from its latest handler, and jumps to what is there. It does not
// go to the code around it, whose stack is the function's own.
begin raise
  at ENTRY, stp x30, x19, [sp, #-16]!
  at "sp+16 u u", cbz x0, 1f
  at "sp+16 u u", mov sp, x26
  at NONE, ldr x16, [sp, #8]
  at NONE, ldr x26, [sp], #16
  at NONE, br x16
1:
  at "sp+16 u c-16", bl leaf
  at "sp+16 u c-16", ldp x30, x19, [sp], #16
  at ENTRY, ret
end raise
