// SPDX-License-Identifier: MIT
//
// A guest at EL1, and the way into it.
#include "arch/exception_macros.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property
  .section .text.exceptions, "ax", %progbits

// [[noreturn]] void kernel_enter_guest(pc, guest_sp, kernel_sp)
//   in: x0, x1 = where the guest starts and its stack, x2 = where the frames of its exits end   out: at EL1, on SP_EL0,
//   all registers zero
// Gives up all frames of the calling task, as kernel_enter_user does (arch/exit.S).
.exception_path kernel_enter_guest
  bti_call
  msr daifset, #0xf
  msr elr_el2, x0
  mov x9, #0x3c4                   // EL1 with SP_EL0; D, A, I, F masked, which keeps nothing from EL2
  msr spsr_el2, x9
  msr sp_el0, x1
  mov sp, x2
  .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
  mov x\n, xzr
  .endr
  eret
.end_exception_path kernel_enter_guest

  .section .user_text, "ax", %progbits

// The guest: two calls. Or, from its second entry, a loop that an interrupt handler leads out of, and one call.
  .global guest_calls
  .type guest_calls, %function
guest_calls:
  str xzr, [sp, #-16]!
  hvc #1
  hvc #2
  b .
  .size guest_calls, . - guest_calls

  .global guest_spins
  .type guest_spins, %function
guest_spins:
  b guest_spins
  hvc #2
  b .
  .size guest_spins, . - guest_spins
