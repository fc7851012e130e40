// SPDX-License-Identifier: MIT
//
// How the file of a module begins, for assembly and C++. A file is a program that was linked at address 0 (module.ld),
// as it lies in memory, so that an address in it is also an offset into the file.
#ifndef KERNEL_MODULE_FILE_H
#define KERNEL_MODULE_FILE_H

#define KERNEL_MODULE_MAGIC 0x31444d4b  // "KMD1"

#ifdef __ASSEMBLER__

#include "surefoot/asm.h"

// clang-format off: it knows no assembly

// .module_header: the header, and the names of what the kernel calls in the module (struct Header in module_file.hpp).
//   name: the module's; its functions are name_outer, name_interrupted and name_special. Required.
//   moment: a label, the instruction of name_interrupted that is to be interrupted. Required.
.macro .module_header name:req, moment:req
  .pushsection .module_header, "a", %progbits
  .balign 8
  .word KERNEL_MODULE_MAGIC
  .word __module_text_start, __module_text_end
  .word __surefoot_ranges_start, __surefoot_ranges_end
  .word __surefoot_calls_start, __surefoot_calls_end
  .word __surefoot_frame_table_start, __surefoot_frame_table_end
  .word __surefoot_symbols_start, __surefoot_symbols_end
  .word \name\()_outer, \name\()_interrupted, \moment, \name\()_special
  .popsection
.endm

// module_function: begins a function. Those of assembly are the first ones of a module, so that it is known where their
// instructions are.
//   name: its symbol. Required.
.macro module_function name:req
  .section .text.first, "ax", %progbits
.function \name
  bti_call
.endm

// special_function: a function that calls back, and declares the code around the call as special: a walk may go by its
// record, but only the exact policy believes it.
//   name: its symbol. Required.
//   in: x0 = whom to call, x1 = with which argument   out: -   clobbers: what the callee does   stack: 16 bytes
//   unwindable: by its record, where it has one
.macro special_function name:req
module_function \name
  stp x29, x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset 29, -16
  .cfi_offset 30, -8
  mov x29, sp
.Lspecial_start:
  mov x9, x0
  mov x0, x1
  blr x9
.Lspecial_end:
  ldp x29, x30, [sp], #16
  .cfi_def_cfa_offset 0
  .cfi_restore 29
  .cfi_restore 30
  ret
.end_function \name
  .special_range start=.Lspecial_start, end=.Lspecial_end, kind=other, pc=frame_record
.endm

#endif  // __ASSEMBLER__

#endif  // KERNEL_MODULE_FILE_H
