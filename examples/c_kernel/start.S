// SPDX-License-Identifier: MIT
//
// All of this kernel's assembly.
#include <surefoot/asm.h>

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

// void _start(): at EL1, MMU off.
  .section .text.boot, "ax", %progbits
.function _start
  .cfi_undefined x30
  msr daifset, #0xf
  ldr x9, =vectors
  msr vbar_el1, x9
  isb
  ldr x9, =__bss_start
  ldr x10, =__bss_end
1:
  str xzr, [x9], #8
  cmp x9, x10
  b.lo 1b
  // The bottom of the boot task: every walk of it has to end at the record that this makes.
  ldr x9, =boot_stack_top
  ldr x9, [x9]
  sub sp, x9, #SUREFOOT_FINAL_FRAME_SIZE
  make_final_record
  bl kernel_main
  brk #0
  .ltorg
.end_function _start

  .text
  context_switch switch_context
  task_start task_entry, body=task_body

  .section .text.exceptions, "ax", %progbits
  exception_vectors vectors, unexpected=handle_unexpected, sync=handle_sync, irq=handle_irq
