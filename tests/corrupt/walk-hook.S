// SPDX-License-Identifier: MIT
//
// What the linker puts in the place of surefoot::walk() (--wrap): notes the registers that its caller will find again.
#include "surefoot/asm.h"

#define PASTE(a, b) a##b
#define WRAP_OF(symbol) PASTE(__wrap_, symbol)

  .section .text.corrupt_walk_hook, "ax", %progbits

// Trace __wrap_walk(...)
//   in: as walk()   out: as walk()   clobbers: x9, x10   stack: none, goes on in corrupt_walk
//   unwindable: by the link register
.function WRAP_OF(CORRUPT_WALK)
  bti_call
  adrp x9, corrupt_walk_caller
  add x9, x9, :lo12:corrupt_walk_caller
  stp x19, x20, [x9, #0 * 8]
  stp x21, x22, [x9, #2 * 8]
  stp x23, x24, [x9, #4 * 8]
  stp x25, x26, [x9, #6 * 8]
  stp x27, x28, [x9, #8 * 8]
  mov x10, sp
  stp x29, x10, [x9, #10 * 8]
  str x30, [x9, #12 * 8]
  b corrupt_walk
.end_function WRAP_OF(CORRUPT_WALK)
.bti_property
