// SPDX-License-Identifier: MIT
//
// What GCC makes of two static functions that do the same. Two global names, a second name of GCC's own, and the two
// variants of a constructor are one function each.
#include "parts.inc"

  .text
  leaf work
  .type first, %function
  .type second, %function
.fault
first:
second:
  mov x0, #0
  ret
  .size first, . - first
  .size second, . - second

  .global public, alias
  .type public, %function
  .type alias, %function
  .type public.localalias, %function
public:
alias:
public.localalias:
  mov x0, #1
  ret
  .size public, . - public
  .size alias, . - alias
  .size public.localalias, . - public.localalias

  .type _ZN5ThingC1Ev, %function
  .type _ZN5ThingC2Ev, %function
_ZN5ThingC1Ev:
_ZN5ThingC2Ev:
  mov x0, #2
  ret
  .size _ZN5ThingC1Ev, . - _ZN5ThingC1Ev
  .size _ZN5ThingC2Ev, . - _ZN5ThingC2Ev
