// SPDX-License-Identifier: MIT
//
// Every kind of suffix that compilers append to the name of a function, on C++ names and others; and several names for
// one address.
  .macro part name
  .type \name, %function
\name:
  nop
  .size \name, . - \name
  .endm

  .text
  .global _start
  .type _start, %function
_start:
  nop
  .size _start, . - _start

  part _ZN3net4sendEi.cold
  part _ZN3net4sendEi.cold.1
  part _ZN3net4sendEi.part.0
  part _ZN3net4sendEi.constprop.0.isra.0
  part _ZN3net4sendEi.llvm.1234567890
  part _ZN3net4sendEi.cold.1.llvm.1234567890
  part _ZN3net4sendEi.lto_priv.0
  part _ZN3net4sendEi.__uniq.77.llvm.12
  part _ZN3net4sendEi.localalias
  part _ZN3net4sendEi.resume
  part _ZN3net4sendEi.0
  part _ZN3net4pollIiEEvT_.part.2.cold
  part main_loop
  part main_loop.cold
  part main_loop.isra.0
  part main_loop.lto_priv.3
  part main_loop.part.1.lto_priv.0.cold
  // Dots that no compiler puts there.
  part version.1.2
  part colder.coldest
  part OUTLINED_FUNCTION_12
  part OUTLINED_FUNCTION_3.4

// One address: a function before a label, whatever their names.
  .global a_label
a_label:
  part z_function

// One address: what is global before what is weak, and that before what is local.
  .global z_global
  .type z_global, %function
  .weak b_weak
  .type b_weak, %function
  .type a_local, %function
z_global:
b_weak:
a_local:
  nop
  .size z_global, 4
  .size b_weak, 4
  .size a_local, 4

  .weak z_weak
  .type z_weak, %function
  .type a_local_too, %function
z_weak:
a_local_too:
  nop
  .size z_weak, 4
  .size a_local_too, 4

// One address: else the first by name, in the order of their bytes.
  .type same_b, %function
  .type same_B, %function
same_b:
same_B:
  nop
  .size same_b, 4
  .size same_B, 4

// A label inside a function ends it; one that is the assembler's own does not. check-link renames it to .Lown:
// assemblers leave those out, but other tools write them.
  .type ended, %function
ended:
  nop
own:
  nop
label_inside:
  nop
  .size ended, . - ended
