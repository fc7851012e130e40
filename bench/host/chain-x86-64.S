// SPDX-License-Identifier: MIT
//
// The chain of calls that is walked, for x86-64. In assembly, because the library believes an address only where an A64
// instruction could be, at a multiple of 4: each call here ends at one. A compiler does not promise that on x86-64;
// apart from that, the frames are those of -fno-omit-frame-pointer.
#include "chain.inc"

// aligned_call_of_5: a call of a function of this section, 5 bytes long, whose return address is a multiple of 4.
.macro aligned_call_of_5 target:req
  .p2align 2
  nop
  nop
  nop
  call \target
.endm

// link_of_chain: a function of the ring. In: rdi = how many more links there are after this one, rsi = the function
// that is called from the last, rdx = what it is called with. Clobbers what a call may. Unwindable everywhere, by CFI;
// by frame pointer from the third instruction on.
//   number, next: of this function and of the one that it calls.
//   locals: the bytes of its frame below the record, a multiple of 16.
.macro link_of_chain number:req, next:req, locals:req
  four_special_ranges ranges_between
  four_special_ranges ranges_between
  .p2align 4
  .type .Llink_\number, %function
.Llink_\number:
  .cfi_startproc
  push %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  mov %rsp, %rbp
  .cfi_def_cfa_register %rbp
  sub $\locals, %rsp
  sub $1, %rdi
  jb 2f
  aligned_call_of_5 .Llink_\next
1:
  leave
  .cfi_remember_state
  .cfi_def_cfa %rsp, 8
  ret
2:
  .cfi_restore_state
  mov %rdx, %rdi
  // A call of 2 bytes, to end at a multiple of 4.
  .p2align 2
  nop
  nop
  call *%rsi
3:
  leave
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc
  .size .Llink_\number, . - .Llink_\number
  .pushsection .data.rel.ro, "aw", %progbits
  .quad 1b, 3b
  .popsection
.endm

  .text
  ring_of_chain

// surefoot_bench_run_chain: the bottom of the chain. In: rdi, rsi, rdx as above, rcx = the final record, which is
// further up on this stack. Clobbers what a call may. For an unwinder that reads CFI, nothing is above it either.
  .p2align 4
  .type surefoot_bench_run_chain, %function
.symbol surefoot_bench_run_chain
  .cfi_startproc
  push %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  .cfi_undefined %rip
  mov %rcx, %rbp
  aligned_call_of_5 .Llink_0
1:
  pop %rbp
  .cfi_def_cfa_offset 8
  ret
  .cfi_endproc
  .size surefoot_bench_run_chain, . - surefoot_bench_run_chain
  .pushsection .data.rel.ro, "aw", %progbits
.symbol surefoot_bench_run_return
  .quad 1b
  .popsection

  ranges_apart_from_chain

  .section .note.GNU-stack, "", %progbits
