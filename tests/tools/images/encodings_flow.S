// SPDX-License-Identifier: MIT
//
// Where control goes after an instruction.
#include "encodings.inc"

  .text
  .type list, %function
list:
  goes FLOW_NEXT, 0, 0, nop
  goes FLOW_NEXT, 0, 0, add x0, x1, x2
  goes FLOW_NEXT, 0, 0, ldp x29, x30, [sp], #16
  goes FLOW_NEXT, 0, 0, bti j
  goes FLOW_NEXT, 0, 0, paciasp
  goes FLOW_NEXT, 0, 0, svc #0
  goes FLOW_NEXT, 0, 0, hvc #0
  goes FLOW_NEXT, 0, 0, smc #0
  goes FLOW_NEXT, 0, 0, wfi
  goes FLOW_NEXT, 0, 0, msr daifset, #2
  // A word for a debugger or a probe comes back; one that a compiler or an author puts at an end may.
  goes FLOW_MAY_STOP, 0, 0, brk #0x400
  goes FLOW_MAY_STOP, 0, 0, brk #0x401
  goes FLOW_MAY_STOP, 0, 0, brk #0xf000
  goes FLOW_NEXT, 0, 0, hlt #0xf000
  goes FLOW_MAY_STOP, 0, 0, brk #0
  goes FLOW_MAY_STOP, 0, 0, brk #0x800
  goes FLOW_TRAP, 0, 0, brk #1
  goes FLOW_TRAP, 0, 0, brk #1000
  goes FLOW_TRAP, 0, 0, brk #0x5512
  goes FLOW_TRAP, 0, 0, brk #0xc471
  goes FLOW_TRAP, 0, 0, hlt #1
  goes FLOW_STOP, 0, 0, udf #0
  goes FLOW_STOP, 0, 0, udf #0xffff

near:
  goes FLOW_JUMP, 0, near, b near
  goes FLOW_JUMP, 0, far, b far
  goes FLOW_CALL, 0, near, bl near
  goes FLOW_CALL, 0, far, bl far
  goes FLOW_BRANCH, 0, near, b.eq near
  goes FLOW_BRANCH, 0, near, b.vc near
  goes FLOW_BRANCH, 0, near, b.le near
  goes FLOW_BRANCH, 0, near, bc.hi near
  goes FLOW_JUMP, 0, near, b.al near
  goes FLOW_JUMP, 0, near, b.nv near
  goes FLOW_BRANCH, 0, near, cbz x0, near
  goes FLOW_BRANCH, 0, near, cbnz w0, near
  goes FLOW_BRANCH, 0, near, tbz x0, #40, near
  goes FLOW_BRANCH, 0, near, tbnz w0, #4, near
  // CBGT x1, x2; CBBHI w1, w2; CBLT w1, #3: of Armv9.6, which no assembler at hand knows.
compare_and_branch:
  goes FLOW_BRANCH, 0, compare_and_branch + 8, .inst 0xf4020041
  goes FLOW_BRANCH, 0, compare_and_branch + 12, .inst 0x74428041
  goes FLOW_BRANCH, 0, compare_and_branch + 4, .inst 0x7521bfe1

  goes FLOW_INDIRECT_JUMP, 16, 0, br x16
  goes FLOW_INDIRECT_JUMP, 30, 0, br x30
  goes FLOW_INDIRECT_JUMP, 3, 0, braa x3, sp
  goes FLOW_INDIRECT_JUMP, 3, 0, brab x3, x4
  goes FLOW_INDIRECT_JUMP, 3, 0, braaz x3
  goes FLOW_INDIRECT_CALL, 3, 0, blr x3
  goes FLOW_INDIRECT_CALL, 3, 0, blraa x3, x4
  goes FLOW_INDIRECT_CALL, 3, 0, blrabz x3
  goes FLOW_FUNCTION_RETURN, 30, 0, ret
  goes FLOW_FUNCTION_RETURN, 17, 0, ret x17
  goes FLOW_FUNCTION_RETURN, 30, 0, retaa
  goes FLOW_FUNCTION_RETURN, 30, 0, retab
  goes FLOW_FUNCTION_RETURN, 30, 0, retaasppc .
  goes FLOW_FUNCTION_RETURN, 30, 0, retabsppc .
  goes FLOW_FUNCTION_RETURN, 30, 0, retaasppcr x2
  goes FLOW_EXCEPTION_RETURN, 0, 0, eret
  goes FLOW_EXCEPTION_RETURN, 0, 0, eretaa

  .size list, . - list

  .section .text.far, "ax", %progbits
  .skip 0x10000
far:
  nop
