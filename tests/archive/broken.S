// SPDX-License-Identifier: MIT
//
// What the library's archives must not hold: check-archive has to find each of these.
#include "surefoot/asm.h"

  .arch armv8.2-a+sve
  .text

.function writes_x18
  mov w18, wzr
.end_function writes_x18

.function reads_x18
  stp x17, x18, [sp, #-16]!
.end_function reads_x18

.function addresses_by_x18
  ldr x0, [x18, #8]
.end_function addresses_by_x18

.function has_a_double
  fmov d0, xzr
.end_function has_a_double

.function has_a_vector
  movi v0.2d, #0
.end_function has_a_vector

.function saves_quadwords
  stp q0, q1, [sp]
.end_function saves_quadwords

.function has_a_scalable_vector
  mov z7.d, #0
.end_function has_a_scalable_vector

.function reads_fpsr
  mrs x0, fpsr
.end_function reads_fpsr

.function has_an_unknown_word
  .inst 0xffffffff
.end_function has_an_unknown_word

.function needs_libgcc
  b __popcountdi2
.end_function needs_libgcc

  .section .init_array, "aw"
  .xword reads_x18

  .data
  .xword 1

.bti_property
