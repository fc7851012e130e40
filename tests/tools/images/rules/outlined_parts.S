// SPDX-License-Identifier: MIT
//
// Functions that are parts of others, and leave sp or x29 other than they found it. They have no rules themselves.
#include "rules.inc"

  .text

define_root

begin leaf
  at ENTRY, add x0, x0, #1
  at ENTRY, ret
end leaf

// The first of two callers that the analysis meets: it does not know yet what drops_locals does.
begin ends_elsewhere
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, sub sp, sp, #64
  at "fp+16 c-16 c-8", bl leaf
  at "fp+16 c-16 c-8", bl drops_locals
  at "fp+16 c-16 c-8", ldp x29, x30, [sp], #16
  at ENTRY, ret
end ends_elsewhere

// Its callers have nothing to do with that.
begin calls_it
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl ends_elsewhere
  at RECORD16, bl leaf
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
end calls_it

// All ends of it move sp by the same, a tail call among them.
begin drops_locals
  at NONE, add sp, sp, #64
  at NONE, cbz x0, rest_of_both
  at NONE, ret
end drops_locals
begin rest_of_both
  at NONE, mov x0, #0
  at NONE, ret
end rest_of_both

// One that loads what its caller has saved: registers hold other values after it.
begin restores
  at NONE, ldr x19, [sp, #8]
  at NONE, add sp, sp, #16
  at NONE, ret
end restores
begin is_restored
  at ENTRY, mov x19, x30
  at ENTRY, sub sp, sp, #16
  at "sp+16 u u", bl restores
  at NONE, mov x30, x19
  at NONE, ret
end is_restored

// Ends that differ: nobody knows where sp is after it.
begin drops_some
  at NONE, cbz x0, .Lnone
  at NONE, add sp, sp, #16
  at NONE, ret
.Lnone:
  at NONE, ret
end drops_some
begin has_dropped_some
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, sub sp, sp, #16
  at "fp+16 c-16 c-8", bl drops_some
  at "fp+16 c-16 c-8", mov sp, x29
  at "fp+16 c-16 c-8", ldp x29, x30, [sp], #16
  at ENTRY, ret
end has_dropped_some
