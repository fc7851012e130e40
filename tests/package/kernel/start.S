// SPDX-License-Identifier: MIT
//
// The start of the little kernel that the tests of docs/getting-it.md build, its console, and its special code. It runs
// as a program of Linux, by the system calls write and exit, so that an emulator of user programs is enough.
#include <surefoot/asm.h>

  .section .text.start, "ax", %progbits
.function _start
  adrp x1, stack_end
  add x1, x1, #:lo12:stack_end
  sub sp, x1, #SUREFOOT_FINAL_FRAME_SIZE
  make_final_record
  bl ahead
  bl between
  bl behind
  mov x0, x29
  bl kernel_main
  mov x8, #93  // exit
  svc #0
  brk #0
.end_function _start

// void console_write(void* unused, const char* text, size_t size)
.function console_write
  mov x0, #1
  mov x8, #64  // write
  svc #0
  ret
.end_function console_write

// Special code in three sections, written in another order than kernel.ld has them: the linker sorts the entries.
  .section .text.behind, "ax", %progbits
.function behind
  nop
.Lbehind_end:
  ret
.end_function behind
  .special_range start=behind, end=.Lbehind_end, kind=other

  .section .text.between, "ax", %progbits
.function between
  nop
.Lbetween_end:
  ret
.end_function between
  .special_range start=between, end=.Lbetween_end, kind=veneer

  .section .init.text, "ax", %progbits
.function ahead
  nop
.Lahead_end:
  ret
.end_function ahead
  .special_range start=ahead, end=.Lahead_end, kind=exception_entry

  .bss
  .balign 16
  .global stack_start
stack_start:
  .skip 16384
  .global stack_end
stack_end:
