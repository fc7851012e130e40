// SPDX-License-Identifier: MIT
//
// What most test images are made of. `fault` is the label of what an audit has to find.
#ifndef SUREFOOT_TEST_IMAGE_PARTS_H
#define SUREFOOT_TEST_IMAGE_PARTS_H

#include "surefoot/asm.h"

// .fault: the next instruction is what is wrong with the image.
.macro .fault
  .local fault
fault:
.endm

.macro enter
  stp x29, x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset 29, -16
  .cfi_offset 30, -8
  mov x29, sp
.endm

.macro leave
  ldp x29, x30, [sp], #16
  .cfi_def_cfa_offset 0
  .cfi_restore 29
  .cfi_restore 30
  ret
.endm

// leaf: a function without calls.
.macro leaf name:req
.function \name
  add x0, x0, #1
  ret
.end_function \name
.endm

// calling: a function that calls as it should.
.macro calling name:req, callee:req
.function \name
  enter
  bl \callee
  leave
.end_function \name
.endm

#endif  // SUREFOOT_TEST_IMAGE_PARTS_H
