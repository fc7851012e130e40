// SPDX-License-Identifier: MIT
//
// A table, but without the vectors. The kernel names them to the CPU only.
#include "parts.inc"

  .text
  leaf work
.Lend:
  .special_range work, .Lend, other

.function install_vectors
  adr x9, my_vectors
  msr vbar_el1, x9
  ret
.end_function install_vectors

  .section .text.vectors, "ax", %progbits
  .balign 2048
  .type my_vectors, %function
.fault
my_vectors:
  b work
  .balign 2048
  .size my_vectors, . - my_vectors
