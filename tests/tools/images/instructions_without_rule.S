// SPDX-License-Identifier: MIT
//
// The return address is lost, and with it the caller.
#include "parts.inc"

  .text
.function loses_caller
  mov x30, x0
.fault
  mov sp, x1
  mov x2, x3
  brk #0
.end_function loses_caller
