// SPDX-License-Identifier: MIT
//
// The chain of calls that is walked, for AArch64. In assembly, so that the frames are the same with each compiler: as
// GCC makes them, with the record at the bottom of the frame, where sp is.
#include "chain.inc"

// link_of_chain: a function of the ring. In: x0 = how many more links there are after this one, x1 = the function
// that is called from the last, x2 = what it is called with. Clobbers what a call may. Unwindable everywhere, by CFI;
// by frame pointer from the third instruction on.
//   number, next: of this function and of the one that it calls.
//   locals: the bytes of its frame above the record, a multiple of 16.
.macro link_of_chain number:req, next:req, locals:req
  four_special_ranges ranges_between
  four_special_ranges ranges_between
  .p2align 4
  .type .Llink_\number, %function
.Llink_\number:
  .cfi_startproc
  stp x29, x30, [sp, #-(16 + \locals)]!
  .cfi_def_cfa_offset 16 + \locals
  .cfi_offset x29, -(16 + \locals)
  .cfi_offset x30, -(8 + \locals)
  mov x29, sp
  subs x0, x0, #1
  b.lo 2f
  bl .Llink_\next
1:
  .cfi_remember_state
  ldp x29, x30, [sp], #16 + \locals
  .cfi_restore x29
  .cfi_restore x30
  .cfi_def_cfa_offset 0
  ret
2:
  .cfi_restore_state
  mov x0, x2
  blr x1
3:
  ldp x29, x30, [sp], #16 + \locals
  .cfi_restore x29
  .cfi_restore x30
  .cfi_def_cfa_offset 0
  ret
  .cfi_endproc
  .size .Llink_\number, . - .Llink_\number
  .pushsection .data.rel.ro, "aw", %progbits
  .8byte 1b, 3b
  .popsection
.endm

  .text
  ring_of_chain

// surefoot_bench_run_chain: the bottom of the chain. In: x0, x1, x2 as above, x3 = the final record, which is further
// up on this stack. Clobbers what a call may. For an unwinder that reads CFI, nothing is above it either.
  .p2align 4
  .type surefoot_bench_run_chain, %function
.symbol surefoot_bench_run_chain
  .cfi_startproc
  stp x29, x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset x29, -16
  .cfi_undefined x30
  mov x29, x3
  bl .Llink_0
1:
  ldp x29, x30, [sp], #16
  .cfi_restore x29
  .cfi_def_cfa_offset 0
  ret
  .cfi_endproc
  .size surefoot_bench_run_chain, . - surefoot_bench_run_chain
  .pushsection .data.rel.ro, "aw", %progbits
.symbol surefoot_bench_run_return
  .8byte 1b
  .popsection

  ranges_apart_from_chain

  .section .note.GNU-stack, "", %progbits
