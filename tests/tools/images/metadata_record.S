// SPDX-License-Identifier: MIT
//
// An entry path that makes a metadata record, and one that makes half of one.
#include "parts.inc"

  .text
  leaf work

.macro path name:req, type_offset:req
.function \name
  sub sp, sp, #48
  stp xzr, xzr, [sp, #16]
  mov x9, #SUREFOOT_METADATA_EXCEPTION
  str x9, [sp, #\type_offset]
  add x29, sp, #16
.endm
  path complete, 32
  bl work
  add sp, sp, #48
  b work
.end_function complete
  path incomplete, 40
.fault
  bl work
  add sp, sp, #48
  b work
.end_function incomplete
