// SPDX-License-Identifier: MIT
//
// Everything that an audit looks at, as it should be.
#include "parts.inc"
#include "surefoot/return_trampoline.h"

  .text
  leaf work
  calling call_work, work

// The bottom of a task: it has no caller, and says so.
.function task_entry
  .cfi_undefined x30
  nop
  bl call_work
  bl never_returns
  brk #0
.end_function task_entry

.function never_returns
  wfi
  b never_returns
.end_function never_returns

// GCC uses x30 as the anchor of a jump table, where the return address is saved.
.function switches
  enter
  cmp w0, #3
  b.hi 9f
  adrp x1, .Ltable
  add x1, x1, :lo12:.Ltable
  ldrb w1, [x1, w0, uxtw]
  adr x30, 5f
  add x1, x30, w1, sxtb #2
  br x1
5:
  mov w0, #1
  mov w0, #2
  mov w0, #3
  mov w0, #4
9:
  bl work
  leave
.end_function switches
  .pushsection .rodata, "a", %progbits
.Ltable:
  .byte 0, 1, 2, 3
  .popsection

// GCC's __builtin_trap, before there is a record; what is behind it is reached with one (M4).
.function traps_on_a_way
  cbz x0, 1f
  brk #1000
2:
  .cfi_remember_state
  .cfi_def_cfa_offset 16
  .cfi_offset 29, -16
  .cfi_offset 30, -8
  mov x3, #1
  b 4f
1:
  .cfi_restore_state
  enter
3:
  bl work
  cbz x0, 2b
4:
  cbnz x3, 3b
  leave
.end_function traps_on_a_way

// Calls on another stack (M6).
.function switches_stack
  enter
  .cfi_def_cfa x29, 16
  mov sp, x1
  blr x2
  mov sp, x29
  .cfi_def_cfa sp, 16
  leave
.end_function switches_stack

// From EL0: a frame with a metadata record, and x29 at it.
.function from_el0
  .cfi_undefined x30
  sub sp, sp, #320
  stp xzr, xzr, [sp, #SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD]
  mov x9, #SUREFOOT_METADATA_FINAL
  str x9, [sp, #(SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD + SUREFOOT_METADATA_RECORD_OFFSET_TYPE)]
  add x29, sp, #SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD
.Lfrom_el0_entered:
  bl call_work
  brk #0
.end_function from_el0
  .special_range from_el0, .Lfrom_el0_entered, exception_entry

.function exit_to_el0
  add sp, sp, #320
  eret
.Lexit_end:
.end_function exit_to_el0
  .special_range exit_to_el0, .Lexit_end, exception_entry

.function on_exit
  ret
.end_function on_exit
return_trampoline return_to_handler, kind=return_to_handler, exit=on_exit

.function install_vectors
  adrp x9, exception_vectors
  add x9, x9, :lo12:exception_vectors
  msr vbar_el1, x9
  ret
.end_function install_vectors

  .section .text.vectors, "ax", %progbits
  .balign 2048
  .type exception_vectors, %function
exception_vectors:
  .rept 16
  b from_el0
  .balign 128
  .endr
.Lvectors_end:
  .size exception_vectors, . - exception_vectors
  .special_range exception_vectors, .Lvectors_end, exception_entry
