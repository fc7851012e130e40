// SPDX-License-Identifier: MIT
//
// A jump table of addresses, which in a position-independent program are there only after relocation. The loops to
// which it leads confirm nothing by themselves: without the table they have no rules.
  .text
  .global jumps
  .type jumps, %function
jumps:
  cmp x0, #2
  b.hi 3f
  adrp x1, .Ltable
  add x1, x1, :lo12:.Ltable
  ldr x1, [x1, x0, lsl #3]
  sub sp, sp, #16
  br x1
0:
  wfi
  b 0b
1:
  wfe
  b 1b
2:
  add sp, sp, #16
3:
  ret
  .size jumps, . - jumps

  .section .data.rel.ro, "aw", %progbits
  .balign 8
.Ltable:
  .quad 0b, 1b, 2b
