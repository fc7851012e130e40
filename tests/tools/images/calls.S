// SPDX-License-Identifier: MIT
//
// Calls with a frame record and without, function by function. Those without are marked. Most functions have no CFI, so
// that nothing but the instructions tells.
#include "surefoot/asm.h"

  .arch armv8.3-a

// begin, end: a function with a size.
.macro begin name:req
  .balign 4
  .global \name
  .type \name, %function
\name:
.endm
.macro end name:req
  .size \name, . - \name
.endm

// without_record instruction: a call that has to be in the table.
.macro without_record instruction:vararg
.Lcall\@:
  \instruction
  .pushsection .expected_calls, "a", %progbits
  .quad .Lcall\@
  .popsection
.endm

.macro enter
  stp x29, x30, [sp, #-16]!
  mov x29, sp
.endm
.macro leave
  ldp x29, x30, [sp], #16
  ret
.endm

  .text
begin work
  add x0, x0, #1
  ret
end work

begin stops
  wfi
  b stops
end stops

begin ordinary
  enter
  bl work
  blr x1
  blraaz x2
  leave
end ordinary

begin pair_at_top
  sub sp, sp, #48
  stp x29, x30, [sp, #32]
  add x29, sp, #32
  bl work
  ldp x29, x30, [sp, #32]
  add sp, sp, #48
  ret
end pair_at_top

begin signed
  paciasp
  enter
  bl work
  ldp x29, x30, [sp], #16
  retaa
end signed

begin allocates
  enter
  sub sp, sp, x0
  bl work
  mov sp, x29
  leave
end allocates

// What an outliner makes of prologues: the caller stores the pair, and the rest is called.
begin makes_record
  mov x29, sp
  ret
end makes_record
begin outlined_prologue
  stp x29, x30, [sp, #-16]!
  without_record bl makes_record
  bl work  // makes_record has made it
  leave
end outlined_prologue

// ... and of epilogues.
begin drops_locals
  add sp, sp, #64
  ret
end drops_locals
begin outlined_epilogue
  enter
  sub sp, sp, #64
  bl work
  bl drops_locals
  leave
end outlined_epilogue
begin calls_outlined
  enter
  bl outlined_epilogue
  bl work
  leave
end calls_outlined

// Part of another function, which has lr on the stack.
begin outlined_middle
  str x30, [sp, #-16]!
  without_record bl work
  ldr x30, [sp], #16
  ret
end outlined_middle

begin call_before_stp
  mov x19, x30
  without_record bl work
  mov x30, x19
  enter
  bl work
  leave
end call_before_stp

begin call_between_stp_and_mov
  stp x29, x30, [sp, #-16]!
  without_record bl work
  mov x29, sp
  bl work
  leave
end call_between_stp_and_mov

begin call_after_ldp
  enter
  bl work
  ldp x29, x30, [sp], #16
  mov x19, x30
  without_record bl work
  ret x19
end call_after_ldp

begin never_a_record
  str x30, [sp, #-16]!
  without_record bl work
  without_record blr x1
  without_record blraaz x2
  without_record blrab x2, x3
  ldr x30, [sp], #16
  ret
end never_a_record

begin swapped
  stp x30, x29, [sp, #-16]!
  mov x29, sp
  without_record bl work
  ldp x30, x29, [sp], #16
  ret
end swapped

begin overwritten
  enter
  str xzr, [sp, #8]
  without_record bl work
  b stops
end overwritten

// One path makes a record, the other does not.
begin joined_paths
  cbz x0, .Lwithout
  enter
  bl work
  b .Ljoined
.Lwithout:
  sub sp, sp, #16
.Ljoined:
  without_record bl work
  b stops
end joined_paths

begin shrink_wrapped
  cbz x0, .Lnothing
  enter
  bl work
  ldp x29, x30, [sp], #16
.Lnothing:
  ret
end shrink_wrapped

begin tail_calls
  cbz x0, work
  cbnz x1, .Lby_register
  b work
.Lby_register:
  br x1
end tail_calls

begin callee_never_returns
  cbz x0, .Lstops
  ret
.Lstops:
  without_record bl stops
end callee_never_returns

// What a panic would say of it is right.
begin stops_with_record
  enter
  cbz x0, .Lstops_here
  leave
.Lstops_here:
  bl stops
end stops_with_record

begin declared_special
  bl work
  br x0
.Ldeclared_special_end:
end declared_special
  .special_range declared_special, .Ldeclared_special_end, other

begin declared_call
  str x30, [sp, #-16]!
.Ldeclared_call:
  bl work
.Ldeclared_call_end:
  ldr x30, [sp], #16
  ret
end declared_call
  .special_range .Ldeclared_call, .Ldeclared_call_end, call_without_record

begin outermost
  .cfi_startproc
  .cfi_undefined x30
  bl work
  b stops
  .cfi_endproc
end outermost

// A record of two zeros and a type.
begin starts_task
  sub sp, sp, #32
  stp xzr, xzr, [sp]
  mov x9, #SUREFOOT_METADATA_FINAL
  str x9, [sp, #16]
  mov x29, sp
  bl work
  b stops
end starts_task

// The same, where a path leads around it.
begin starts_task_or_not
  cbz x0, .Lnot_started
  sub sp, sp, #32
  stp xzr, xzr, [sp, #16]
  mov x9, #SUREFOOT_METADATA_FINAL
  str x9, [sp, #32]
  add x29, sp, #16
  bl work
  b stops
.Lnot_started:
  mov x19, x30
  without_record bl work
  ret x19
end starts_task_or_not

// CFI as assembly has it where nobody thought of it.
begin cfi_of_a_leaf
  .cfi_startproc
  enter
  bl work
  leave
  .cfi_endproc
end cfi_of_a_leaf

// CFI that places the pair elsewhere: one of the two is wrong, and nobody knows which.
begin contradicted
  .cfi_startproc
  enter
  .cfi_def_cfa_offset 32
  .cfi_offset x29, -32
  .cfi_offset x30, -24
  without_record bl work
  leave
  .cfi_endproc
end contradicted

begin never_reached
  enter
  bl work
  leave
  without_record bl work
  b stops
end never_reached

begin is_no_function
  enter
  without_record bl work
  ret
end is_no_function

// In no function.
  without_record bl work
  ret
