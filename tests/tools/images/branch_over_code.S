// SPDX-License-Identifier: MIT
//
// A branch over a function that is no veneer is code like any other.
#include "parts.inc"

  .text
  leaf work
.fault
  b .Lbehind
  nop
  leaf skipped
.Lbehind:
  leaf more_work
