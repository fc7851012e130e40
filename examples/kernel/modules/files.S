// SPDX-License-Identifier: MIT
//
// The files of the modules, as data of the kernel; and the memory that modules are loaded into.
#include "modules/places.h"
#include "surefoot/asm.h"

// Data has no indirect branch targets: the image keeps what its code says.
  .bti_property

// .module_file: the file of a module.
//   name: the module's. Required.
//   path: of the file, in quotes. Required.
.macro .module_file name:req, path:req
  .section .rodata.module_\name, "a", %progbits
  .balign 8
  .global __module_\name\()_start
__module_\name\()_start:
  .incbin "\path"
  .global __module_\name\()_end
__module_\name\()_end:
.endm

  .module_file leaf, "leaf.module"
  .module_file early, "early.module"
  .module_file large, "large.module"

  .section .modules, "aw", %nobits
  .balign KERNEL_MODULE_PLACE_SIZE
  .space KERNEL_MODULE_PLACE_COUNT * KERNEL_MODULE_PLACE_SIZE
