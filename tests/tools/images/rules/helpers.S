// SPDX-License-Identifier: MIT
//
// Functions that were parts of their callers, and leave sp or x29 other than they found it: they are followed to all of
// their ends, tail calls included (M2).
#include "rules.inc"

  .text

define_root

begin leaf
  at NONE, mov x0, #3
  at NONE, ret
end leaf

// Lowers its caller's sp and goes on to a function that returns to that caller.
begin make_room
  at ENTRY, sub sp, sp, #32
  at "sp+32 u u", b leaf
end make_room
begin has_room
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl make_room
  at "fp+16 c-16 c-8", str x0, [sp]
  at "fp+16 c-16 c-8", mov sp, x29
  at "fp+16 c-16 c-8", ldp x29, x30, [sp], #16
  at ENTRY, ret
end has_room

// Makes the rest of its caller's frame, and points x29 to the record.
begin makes_frame
  at ENTRY, add x29, sp, #16
  at NONE, sub sp, sp, #48
  at NONE, b leaf
end makes_frame
begin has_frame_made
  at ENTRY, stp x29, x30, [sp, #-16]!
  at "sp+16 u u", sub sp, sp, #16
  at "sp+32 u u", bl makes_frame
  at "fp+16 c-16 c-8", str x0, [sp]
  at "fp+16 c-16 c-8", add sp, sp, #64
  at "fp+16 c-16 c-8", ldp x29, x30, [sp], #16
  at ENTRY, ret
end has_frame_made

// The same by two ways that agree, and by two that do not.
begin makes_room_either_way
  at NONE, sub sp, sp, #32
  at NONE, cbz x0, 1f
  at NONE, b leaf
1:
  at NONE, ret
end makes_room_either_way
begin has_room_either_way
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl makes_room_either_way
  at "fp+16 c-16 c-8", mov sp, x29
  at "fp+16 c-16 c-8", ldp x29, x30, [sp], #16
  at ENTRY, ret
end has_room_either_way

begin makes_some_room
  at ENTRY, cbz x0, 1f
  at ENTRY, sub sp, sp, #32
  at "sp+32 u u", b leaf
1:
  at ENTRY, ret
end makes_some_room
begin has_some_room
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl makes_some_room
  at "fp+16 c-16 c-8", mov sp, x29
  at "fp+16 c-16 c-8", ldp x29, x30, [sp], #16
  at ENTRY, ret
end has_some_room

// The callers of those have nothing to do with that.
begin calls_them
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl has_room
  at RECORD16, bl has_frame_made
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
end calls_them

// Goes to a handler whose place is on another stack, or further up on this one: it does not come back.
begin raises
  at ENTRY, mov sp, x26
  at NONE, ldp x26, x16, [sp], #16
  at NONE, br x16
end raises

// What stands behind its call is entered otherwise, with sp 16 bytes higher.
begin calls_what_raises
  at ENTRY, sub sp, sp, #80
  at "sp+80 u u", stp x29, x30, [sp, #16]
  at "sp+80 u u", add x29, sp, #16
  at "fp+64 c-64 c-56", sub sp, sp, #16
  at "fp+64 c-64 c-56", cbz x0, 1f
  at "fp+64 c-64 c-56", bl raises
  at "sp+80 c-64 c-56", mov x0, #1
  at "sp+80 c-64 c-56", ldp x29, x30, [sp, #16]
  at "sp+80 c-64 c-56", add sp, sp, #80
  at ENTRY, ret
1:
  at "fp+64 c-64 c-56", add sp, sp, #16
  at "fp+64 c-64 c-56", ldp x29, x30, [sp, #16]
  at "sp+80 u u", add sp, sp, #80
  at ENTRY, ret
end calls_what_raises

// Saves what a task has, and returns with what another one had: that comes back here as from a call.
begin switches_tasks
  at ENTRY, mov x9, sp
  at ENTRY, stp x29, x9, [x0]
  at ENTRY, str x30, [x0, #16]
  at ENTRY, ldp x29, x9, [x1]
  at NONE, mov sp, x9
  at NONE, ldr x30, [x1, #16]
  at NONE, ret
end switches_tasks

begin calls_what_switches_tasks
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl switches_tasks
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
end calls_what_switches_tasks

// Where x30 is saved nowhere else, an outliner has it in a register that what it cut out leaves alone. No rule can name
// that register.
begin straight_code
  at ENTRY, mov x9, #1
  at ENTRY, mov x1, #2
  at ENTRY, ret
end straight_code
begin has_lr_in_x0
  at ENTRY, mov x0, x30
  at ENTRY, bl straight_code
  at NONE, mov x30, x0
  at ENTRY, add x0, x0, #1
  at ENTRY, ret
end has_lr_in_x0
begin has_lr_in_x1
  at ENTRY, mov x1, x30
  at ENTRY, bl straight_code
  at NONE, mov x30, x1
  at NONE, ret
end has_lr_in_x1

// One that can be traced: a tracer may change its arguments.
begin traced_code
  at ENTRY, nop
  at ENTRY, nop
  at ENTRY, mov x9, #1
  at ENTRY, ret
end traced_code
begin has_lr_in_x0_of_traced_code
  at ENTRY, mov x0, x30
  at ENTRY, bl traced_code
  at NONE, mov x30, x0
  at NONE, ret
end has_lr_in_x0_of_traced_code
