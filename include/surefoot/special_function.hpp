// SPDX-License-Identifier: MIT
//
// Declares a C++ function as special code, where the function is. For A64 code; assembly uses asm.h.
//
//   SUREFOOT_SPECIAL_FUNCTION(enter_firmware)
//   void enter_firmware(Request& request) noexcept {
//     SUREFOOT_SPECIAL_RANGE(enter_firmware, SUREFOOT_SPECIAL_OTHER);
//     ...
//   }
#pragma once

#include "surefoot/config.hpp"
#include "surefoot/layout.h"

#if SUREFOOT_IS_AARCH64

/// Put before the definition of a function that is declared special: gives it a section of its own, so that the range
/// can end where the section does, and keeps it out of its callers. `name` is an identifier, unique in the program.
#if defined(__clang__)
#define SUREFOOT_SPECIAL_FUNCTION(name) [[gnu::section(".text.surefoot_special." #name), gnu::noinline]]
#else
// GCC also makes copies of a function for particular arguments.
#define SUREFOOT_SPECIAL_FUNCTION(name) [[gnu::section(".text.surefoot_special." #name), gnu::noinline, gnu::noclone]]
#endif

/// Put once into the body of such a function: writes its entry of the special-range table; emits no instruction. `kind`
/// is a SUREFOOT_SPECIAL_* number of layout.h. The range reaches from the function's entry to the end of its section:
/// a subsection follows all that the compiler puts into the section itself.
#define SUREFOOT_SPECIAL_RANGE(function, kind)                           \
  asm volatile(                                                          \
      ".subsection 1\n\t"                                                \
      ".Lsurefoot_special_end_%=:\n\t"                                   \
      ".previous\n\t"                                                    \
      ".pushsection .surefoot.ranges, \"ao\", %%progbits, %c[start]\n\t" \
      ".balign 4\n\t"                                                    \
      ".word %c[start] - .\n\t"                                          \
      ".word .Lsurefoot_special_end_%= - .\n\t"                          \
      ".byte %c[kind_number], %c[rule]\n\t"                              \
      ".hword 0\n\t"                                                     \
      ".word 0\n\t"                                                      \
      ".popsection"                                                      \
      :                                                                  \
      : [start] "S"(&(function)), [kind_number] "i"(kind), [rule] "i"(SUREFOOT_FROM_NOWHERE))

#endif
