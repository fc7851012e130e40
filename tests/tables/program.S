// SPDX-License-Identifier: MIT
//
// A program whose tables check-link looks at: functions with a size and without, C++ names, two names for one
// address, a name inside a function, and code that a bad linker script puts behind the table.
  .text
  .global _start
_start:
first_name:
  nop
  nop

  .global _ZN3net5panicEi
  .type _ZN3net5panicEi, %function
_ZN3net5panicEi:  // net::panic(int)
  nop
inner:
  nop
  nop
  .size _ZN3net5panicEi, . - _ZN3net5panicEi

  .balign 16
  .type local_function, %function
local_function:
  nop
  .size local_function, . - local_function

  .section .late, "ax", %progbits
  .global late
  .type late, %function
late:
  nop
  .size late, . - late
