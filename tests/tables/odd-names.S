// SPDX-License-Identifier: MIT
//
// A program with functions whose names are hard to read out of a list of symbols. check-link renames two of them once
// more, to what no assembler accepts.
  .text
  .global _start
_start:
  nop

  .type __watchdog_stop, %function
#if ONLY_A_BOUND_IS_LATE
  .section .late, "ax", %progbits
#endif
__watchdog_stop:
  nop
  .size __watchdog_stop, . - __watchdog_stop
  .text

// A function, whatever its name, even without a size.
  .type __unsized_stop, %function
__unsized_stop:
  nop

  .type "a b T", %function
"a b T":
  nop
  .size "a b T", . - "a b T"

  .type line_break, %function
line_break:
  nop
  .size line_break, . - line_break

  .type tabs, %function
tabs:
  nop
  .size tabs, . - tabs

// The bound of a section, which no function starts at.
__text_end:

// A weak symbol that is no code.
  .section .debug_info, "", %progbits
  .weak part_of_debug_information
part_of_debug_information:
  .word 0
