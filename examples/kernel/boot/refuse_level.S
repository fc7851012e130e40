// SPDX-License-Identifier: MIT
//
// EL3 belongs to firmware, and this kernel is none; and a kernel that stays at EL2 has to be started there. Started at
// another level (EL3: `-M virt,secure=on`), it says so and ends. By semihosting alone, since nothing else works yet
// [semihosting §6].
#include "arch/level.h"
#include "surefoot/asm.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

  .set .Lsys_write0, 0x04
  .set .Lsys_exit_extended, 0x20

// [[noreturn]] void refuse_level()
//   in: any level, MMU off   stack: none   unwindable: no
  .section .text.boot, "ax", %progbits
.function refuse_level
  mov x0, #.Lsys_write0
  adrp x1, .Lmessage
  add x1, x1, :lo12:.Lmessage
  hlt #0xf000
  mov x0, #.Lsys_exit_extended
  adrp x1, .Lexit_code
  add x1, x1, :lo12:.Lexit_code
  hlt #0xf000
.Lpark:
  wfi
  b .Lpark
.end_function refuse_level

  .section .rodata.refuse_level, "a", %progbits
  .balign 8
.Lexit_code:
  .quad 0x20026, 1                 // ADP_Stopped_ApplicationExit and the code
.Lmessage:
#if KERNEL_STAYS_AT_EL2
  .asciz "kernel: not started at EL2, which it needs\n"
#else
  .asciz "kernel: started at EL3; it needs EL2 or EL1\n"
#endif
