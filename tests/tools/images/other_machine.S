// SPDX-License-Identifier: MIT
//
// For another processor.
  .text
  .globl work
  .type work, @function
work:
  nop
  .size work, . - work
