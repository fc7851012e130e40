// SPDX-License-Identifier: MIT
//
// Functions in several parts: what seldom runs elsewhere, by a symbol of its own; what linkers move; landing pads.
#include "rules.inc"

  .text

define_leaf

// GCC: entered and left by jumps, with the frame of its function.
begin hot
  at ENTRY, stp x29, x30, [sp, #-16]!
  at RECORD16, mov x29, sp
  at RECORD16, bl leaf
  at RECORD16, cbz x0, hot.cold
  at RECORD16, cmp x0, #1
  at RECORD16, b.eq .Lhot_cold_2
.Lhot_back:
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, ret
end hot
begin hot.cold
  at RECORD16, bl leaf
  at RECORD16, b .Lhot_back
.Lhot_cold_2:
  at RECORD16, ldp x29, x30, [sp], #16
  at ENTRY, b leaf
end hot.cold

// clang makes a function of it, by the same kind of name.
begin hot_calls
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", bl hot_calls.cold.1
  at "sp+16 u c-16", ldr x30, [sp], #16
  at ENTRY, ret
end hot_calls
begin hot_calls.cold.1
  at ENTRY, str x30, [sp, #-16]!
  at "sp+16 u c-16", bl leaf
  at "sp+16 u c-16", ldr x30, [sp], #16
  at ENTRY, ret
end hot_calls.cold.1

// Nobody is known to jump to it.
begin alone.cold
  at NONE, bl leaf
  at NONE, ldp x29, x30, [sp], #16
  at NONE, ret
end alone.cold

// clang's sections of basic blocks, and its split functions.
begin blocks
  at ENTRY, sub sp, sp, #32
  at "sp+32 u u", cbz x0, blocks.__part.1
  at "sp+32 u u", add sp, sp, #32
  at ENTRY, ret
end blocks
begin blocks.__part.1
  at "sp+32 u u", add sp, sp, #32
  at ENTRY, ret
end blocks.__part.1

// A linker moves an instruction that would meet an erratum: lld under a symbol, ld under none.
begin patched
  at ENTRY, stp x29, x30, [sp, #-32]!
  at "sp+32 c-32 c-24", mov x29, sp
  at "sp+32 c-32 c-24", bl leaf
  at "sp+32 c-32 c-24", b __CortexA53843419_1004
.Lpatched_back:
  at "sp+32 c-32 c-24", b .Lnameless
.Lpatched_back_again:
  at "sp+32 c-32 c-24", ldp x29, x30, [sp], #32
  at ENTRY, ret
end patched
begin __CortexA53843419_1004
  at "sp+32 c-32 c-24", ldr x0, [sp, #16]
  at "sp+32 c-32 c-24", b .Lpatched_back
end __CortexA53843419_1004
.Lnameless:
  at "sp+32 c-32 c-24", ldr x0, [sp, #24]
  at "sp+32 c-32 c-24", b .Lpatched_back_again

// A landing pad, to which no branch leads. Its CFI agrees.
begin throws
  .cfi_startproc
  .cfi_lsda 0x1b, .Lthrows_area
  .cfi_personality 0x1b, leaf
  at ENTRY, str x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset 30, -16
.Lthrows_begin:
  at "sp+16 u c-16", bl leaf
.Lthrows_end:
  at "sp+16 u c-16", ldr x30, [sp], #16
  .cfi_def_cfa_offset 0
  .cfi_restore 30
  at ENTRY, ret
.Lthrows_pad:
  .cfi_def_cfa_offset 16
  .cfi_offset 30, -16
  at "sp+16 u c-16", bl leaf
  at "sp+16 u c-16", ldr x30, [sp], #16
  .cfi_def_cfa_offset 0
  .cfi_restore 30
  at ENTRY, ret
  .cfi_endproc
end throws

// ... of a load, with -fnon-call-exceptions. x30 is what it was if the load throws, and is not if the call does.
begin traps
  .cfi_startproc
  .cfi_lsda 0x1b, .Ltraps_area
  .cfi_personality 0x1b, leaf
  at ENTRY, mov x19, x30
.Ltraps_begin:
  at ENTRY, ldr x0, [x0]
.Ltraps_end:
  at ENTRY, bl leaf
  .cfi_register 30, 19
  at NONE, ret x19
  .cfi_restore 30
.Ltraps_pad:
  at ENTRY, mov x0, #0
  at ENTRY, ret
  .cfi_endproc
end traps
  .section .gcc_except_table, "a"
.Lthrows_area:
  .byte 0xff, 0xff, 0x01  // landing pads from the function's start on, no types, numbers as uleb128
  .uleb128 .Lthrows_sites_end - .Lthrows_sites
.Lthrows_sites:
  .uleb128 .Lthrows_begin - throws
  .uleb128 .Lthrows_end - .Lthrows_begin
  .uleb128 .Lthrows_pad - throws
  .uleb128 0
.Lthrows_sites_end:
.Ltraps_area:
  .byte 0xff, 0xff, 0x01
  .uleb128 .Ltraps_sites_end - .Ltraps_sites
.Ltraps_sites:
  .uleb128 .Ltraps_begin - traps
  .uleb128 .Ltraps_end - .Ltraps_begin
  .uleb128 .Ltraps_pad - traps
  .uleb128 0
.Ltraps_sites_end:
