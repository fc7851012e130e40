// SPDX-License-Identifier: MIT
//
// A module of the miniature kernel. It calls the kernel by pointers, so that it has no relocations.
#include "kernel.inc"

.text
begin module_read
  enter
  bl 1f
  leave
end module_read
.p2align 3
1:
calling_pointer module_wait

.section .init.text, "ax"
calling_pointer init_module

// Stubs, which the loader fills.
.section .plt, "ax"
.skip 32
