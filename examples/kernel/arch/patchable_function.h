// SPDX-License-Identifier: MIT
//
// Functions in assembly that can be traced. For .S files only.
#ifndef KERNEL_PATCHABLE_FUNCTION_H
#define KERNEL_PATCHABLE_FUNCTION_H

#include "surefoot/asm.h"

// clang-format off: it knows no assembly

// patchable_function: begins a function as -fpatchable-function-entry=2 would: in a section of its own, with a landing
// pad and two NOPs, and with an entry in the linker's list. .end_function ends it.
//   name: its symbol. Required.
.macro patchable_function name:req
  .section .text.\name, "ax", %progbits
.kcfi_type \name
.function \name
  bti_call
.Lpatch_site_of_\name:
  nop
  nop
  .pushsection __patchable_function_entries, "awo", %progbits, .text.\name
  .balign 8
  .xword .Lpatch_site_of_\name
  .popsection
.endm

#endif  // KERNEL_PATCHABLE_FUNCTION_H
