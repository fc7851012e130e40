// SPDX-License-Identifier: MIT
//
// The assembly of the documents that stands in no other source. It is assembled, and not linked: check_snippets.py
// holds the documents to these lines.
#include "surefoot/asm.h"

  .arch armv8-a
  .text

// docs/exception-frames.md: a frame of the layout frame_272, written by hand.
.global el1h_64_irq
el1h_64_irq:
  sub sp, sp, #272
  stp x0, x1, [sp]
  // ... x2 to x28
  stp x29, x30, [sp, #232]         // the record
  mrs x22, elr_el1
  mrs x23, spsr_el1
  stp x22, x23, [sp, #248]
  add x29, sp, #232                // last of all
.Lentered:
  .special_range start=el1h_64_irq, end=.Lentered, kind=exception_entry
  mov x0, sp
  bl handle_irq
  b return_to_kernel
.Lend:
  .special_range start=.Lentered, end=.Lend, kind=exception_entry, pc=exception_frame

// docs/frame-table.md: parts of functions for which compilers' CFI was wrong.
.Lwrong_cfi:
  stp  x29, x30, [sp, #-16]!     // in a part that clang 17 to 23 split off: sp is CFA-16 from here on
  add  x29, sp, #0               // CFI: CFA = sp+0
  bl   destructor                // CFI: CFA = x29+16, which is right

  ldr  x30, [sp], #16            // the end of a part that clang 15 to 18 outlined
  ret                            // CFI: CFA = sp+16; it is sp+0

  sub  sp, sp, #0x400            // all of a part that clang outlined
  b    first                     // CFI: CFA = sp+0; it is sp+1024
