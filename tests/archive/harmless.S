// SPDX-License-Identifier: MIT
//
// What looks like a register that the library must leave alone, and is none.
#include "surefoot/asm.h"

  .text

// At 0xd0, which a disassembler may write as `d0 <at_d0>`.
.function x18
  mov x0, #0x18
  ldr x1, [sp, #0xb0]
  b at_d0
  .rept 0xd0 / 4 - 3
  nop
  .endr
.end_function x18

.function at_d0
  prfm pldl1keep, [x0]
  b at_d0
.end_function at_d0

// Data, whose bytes a disassembler may write apart: `3b d7 c3 6e`.
  .word 0x6ec3d73b

.bti_property
