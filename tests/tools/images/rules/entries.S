// SPDX-License-Identifier: MIT
//
// Functions that are entered in other places than at their start, or otherwise than by a call.
#include "rules.inc"

  .text

define_leaf

// A subroutine inside of a function, by a label of no type. What it finds is what a call leaves, and what runs into it
// has a frame: nothing is right for both.
begin called_in_the_middle
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl 1f
  at RECORD16, bl 1f
1:
  at NONE, add x0, x0, #1
  at NONE, ret
end called_in_the_middle

// ... to which nothing runs.
begin has_a_subroutine
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl 1f
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
1:
  at ENTRY, add x0, x0, #1
  at ENTRY, ret
end has_a_subroutine

// Called by another function, behind its prologue.
begin has_a_second_entry
  at ENTRY, sub sp, sp, #16
second_entry:
  at NONE, add x0, x0, #1
  at NONE, add sp, sp, #16
  at NONE, ret
end has_a_second_entry

begin calls_the_second_entry
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", bl second_entry
  at "sp+16 u c-16", ldr x30, [sp], #16
  at ENTRY, ret
end calls_the_second_entry

// A function inside of another: it may be called by its address, from anywhere.
  .type inner, %function
begin outer
  at ENTRY, sub sp, sp, #16
  .globl inner
inner:
  at NONE, add x0, x0, #1
  .size inner, . - inner
  at NONE, add sp, sp, #16
  at NONE, ret
end outer

// Code that is shared at the end of several functions, with their frames.
begin shared_end
  at NONE, ldp x29, x30, [sp], #16
  at NONE, ret
end shared_end

begin ends_elsewhere
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl leaf
  at RECORD16, b shared_end
end ends_elsewhere

// The frame of the one in front comes along through the second to the third.
begin passes_its_frame
  at ENTRY, sub sp, sp, #32
  at "sp+32 u u", b passed_on
end passes_its_frame

begin passed_on
  at NONE, add x0, x0, #1
  at NONE, b passed_on_again
end passed_on

begin passed_on_again
  at NONE, add x0, x0, #1
  at NONE, b .
end passed_on_again

// Runs into the next, with a frame.
begin runs_on
  at ENTRY, sub sp, sp, #32
  at "sp+32 u u", str x0, [sp]
end runs_on

begin run_into
  at NONE, add x0, x0, #1
  at NONE, b .
end run_into

// ... and without one: a second name for what it does.
begin runs_on_like_a_call
  at ENTRY, mov x1, #0
end runs_on_like_a_call

begin run_into_like_a_call
  at ENTRY, add x0, x0, x1
  at ENTRY, ret
end run_into_like_a_call

// A call in two instructions: it comes back to the label, with another x30.
begin calls_by_hand
  at ENTRY, cbz x0, 2f
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", cbz x0, 1f
  at "sp+16 u c-16", adr x30, 1f
  at "sp+16 u c-16", b leaf
2:
  at ENTRY, ret
1:
  at "sp+16 u c-16", ldr x30, [sp], #16
  at ENTRY, ret
end calls_by_hand

// ... by an address in a register.
begin calls_by_hand_and_address
  at ENTRY, cbz x0, 2f
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", cbz x0, 1f
  at "sp+16 u c-16", adr x30, 1f
  at "sp+16 u c-16", br x0
2:
  at ENTRY, ret
1:
  at "sp+16 u c-16", ldr x30, [sp], #16
  at ENTRY, ret
end calls_by_hand_and_address

// A jump to an address that is in the code is a jump as any other; the piece in between has another way in.
begin jumps_by_address
  at ENTRY, cbz x0, 2f
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", cbz x0, 1f
  at "sp+16 u c-16", bl leaf
  at "sp+16 u c-16", adr x9, 1f
  at "sp+16 u c-16", br x9
2:
  at ENTRY, ret
1:
  at "sp+16 u c-16", ldr x30, [sp], #16
  at ENTRY, ret
end jumps_by_address

begin ends_at_an_address
  at ENTRY, sub sp, sp, #32
  at "sp+32 u u", adrp x16, found_by_address
  at "sp+32 u u", add x16, x16, :lo12:found_by_address
  at "sp+32 u u", br x16
end ends_at_an_address

begin found_by_address
  at NONE, add x0, x0, #1
  at NONE, b .
end found_by_address

// The prologue as a function of its own.
begin pushes_for_others
  at NONE, stp x19, x20, [sp, #-16]!
  at NONE, ret
end pushes_for_others

// ... by a jump from another.
begin pushes_by_another
  at ENTRY, mov x0, #1
  at ENTRY, b pushes_for_others
end pushes_by_another

begin has_it_pushed_by_another
  at ENTRY, mov x9, x30
  at ENTRY, bl pushes_by_another
  at NONE, mov x30, x9
  at NONE, ldp x19, x20, [sp], #16
  at NONE, ret
end has_it_pushed_by_another

begin sets_fp_for_others
  at NONE, mov x29, sp
  at NONE, ret
end sets_fp_for_others

begin has_it_pushed
  at ENTRY, mov x9, x30
  at ENTRY, bl pushes_for_others
  at NONE, mov x30, x9
  at NONE, ldp x19, x20, [sp], #16
  at NONE, ret
end has_it_pushed

// An exception enters here: x30 is that of what was interrupted.
begin exception_entry
  at NONE, stp x29, x30, [sp, #-16]!
  at NONE, bl leaf
  at NONE, ldp x29, x30, [sp], #16
  at NONE, eret
end exception_entry

// ... and here a caller, that wants to be at another exception level when it goes on.
begin called_to_drop
  at ENTRY, msr elr_el1, x30
  at ENTRY, eret
end called_to_drop

begin drops
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", bl called_to_drop
  at "sp+16 u c-16", ldr x30, [sp], #16
  at ENTRY, ret
end drops

// Gives back more of the stack than it took.
begin gives_back_too_much
  at NONE, ldp x0, x1, [sp], #16
  at NONE, ret
end gives_back_too_much

// A linker leaves a call of what is behind it where a weak symbol is not defined. Nothing is entered there.
begin calls_what_is_not_there
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl . + 4
  at RECORD16, bl leaf
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
end calls_what_is_not_there
