// SPDX-License-Identifier: MIT
#include "parts.inc"

  .text
  leaf work
.fault
.function task_entry
  .cfi_undefined x30
  nop
  bl work
  brk #0
.end_function task_entry
