// SPDX-License-Identifier: MIT
//
// What linkers make for far branches has no symbol in stripped images.
#include "parts.inc"

  .text
  leaf work
.fault
  adrp x16, work
  add x16, x16, :lo12:work
  br x16
