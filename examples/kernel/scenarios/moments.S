// SPDX-License-Identifier: MIT
//
// Functions as a compiler may make them, each with the instructions at which an exception finds the caller in another
// place than the frame record (moments.hpp). In assembly, because the order of these instructions is the point. All can
// be traced.
#include "arch/patchable_function.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

// .moment: names the next instruction: a word of read-only data holds its address.
//   name: the word's symbol. Required.
.macro .moment name:req
.Lat_\name:
  .pushsection .rodata.\name, "a", %progbits
  .balign 8
  .global \name
  .type \name, %object
\name:
  .xword .Lat_\name
  .size \name, . - \name
  .popsection
.endm

// void demo_has_record()
//   in: -   out: -   clobbers: x9   stack: 32 bytes   unwindable: by its record from demo_in_body on, up to the ldp
patchable_function demo_has_record
  .moment demo_before_record      // the return address is in lr only
  stp x29, x30, [sp, #-32]!
  .cfi_def_cfa_offset 32
  .cfi_offset 29, -32
  .cfi_offset 30, -24
  .moment demo_before_fp          // the record is there, and x29 is still the caller's
  mov x29, sp
  str x19, [sp, #16]
  .cfi_offset 19, -16
  .moment demo_in_body
  mov x19, x30
  ldr x19, [sp, #16]
  .cfi_restore 19
  ldp x29, x30, [sp], #32
  .cfi_def_cfa_offset 0
  .cfi_restore 29
  .cfi_restore 30
  .moment demo_before_return      // the record is below sp: the exception overwrites it
  ret
.end_function demo_has_record

// void demo_has_signed_record()
//   in: -   out: -   clobbers: nothing   stack: 16 bytes   unwindable: by its record, while x29 points at it
patchable_function demo_has_signed_record
  hint #25                        // paciasp, a name that older assemblers do not know without FEAT_PAuth
  .cfi_negate_ra_state
  .moment demo_signed             // lr holds the return address with its authentication code
  stp x29, x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset 29, -16
  .cfi_offset 30, -8
  mov x29, sp
  ldp x29, x30, [sp], #16
  .cfi_def_cfa_offset 0
  .cfi_restore 29
  .cfi_restore 30
  .moment demo_before_authentication
  hint #29                        // autiasp
  .cfi_negate_ra_state
  ret
.end_function demo_has_signed_record

// void demo_has_large_frame()
//   in: -   out: -   clobbers: nothing   stack: 4128 bytes   unwindable: by its record, while x29 points at it
patchable_function demo_has_large_frame
  sub sp, sp, #1, lsl #12
  .cfi_def_cfa_offset 4096
  sub sp, sp, #32
  .cfi_def_cfa_offset 4128
  .moment demo_before_low_record  // sp is where it stays, and the record is not written yet
  stp x29, x30, [sp, #16]
  .cfi_offset 29, -4112
  .cfi_offset 30, -4104
  add x29, sp, #16
  ldp x29, x30, [sp, #16]
  .cfi_restore 29
  .cfi_restore 30
  add sp, sp, #32
  .cfi_def_cfa_offset 4096
  .moment demo_giving_frame_back  // between the two halves of it
  add sp, sp, #1, lsl #12
  .cfi_def_cfa_offset 0
  ret
.end_function demo_has_large_frame

// void demo_may_have_record(bool has_record)
//   in: x0   out: -   clobbers: nothing   stack: none or 16 bytes   unwindable: by its record, while x29 points at it
// The record is made on one of two paths only, as when a compiler shrink-wraps it.
patchable_function demo_may_have_record
  cbz x0, .Lwithout_record
  stp x29, x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset 29, -16
  .cfi_offset 30, -8
  mov x29, sp
  ldp x29, x30, [sp], #16
  .cfi_def_cfa_offset 0
  .cfi_restore 29
  .cfi_restore 30
  ret
.Lwithout_record:
  .moment demo_outside_record     // behind code that has a record, on a path that never had one
  nop
  ret
.end_function demo_may_have_record

// void demo_uses_other_stack(sp)
//   in: x0 = the end of a stack that nothing is on   out: -   clobbers: nothing   stack: 16 bytes, and what x0 says
//   unwindable: by its record, while x29 points at it: that is not on the stack of sp
patchable_function demo_uses_other_stack
  stp x29, x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset 29, -16
  .cfi_offset 30, -8
  mov x29, sp
  .cfi_def_cfa_register 29
  mov sp, x0
  .moment demo_on_other_stack
  nop
  mov sp, x29
  .cfi_def_cfa_register 31
  ldp x29, x30, [sp], #16
  .cfi_def_cfa_offset 0
  .cfi_restore 29
  .cfi_restore 30
  ret
.end_function demo_uses_other_stack

// void demo_uses_lr(lr)
//   in: x0 = what lr shall hold meanwhile   out: -   clobbers: nothing   stack: 16 bytes
//   unwindable: by its record, while x29 points at it
patchable_function demo_uses_lr
  stp x29, x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset 29, -16
  .cfi_offset 30, -8
  mov x29, sp
  mov x30, x0
  .moment demo_lr_is_scratch
  nop
  ldp x29, x30, [sp], #16
  .cfi_def_cfa_offset 0
  .cfi_restore 29
  .cfi_restore 30
  ret
.end_function demo_uses_lr

// void demo_uses_fp(fp)
//   in: x0 = what x29 shall hold meanwhile   out: -   clobbers: x9   stack: none, leaf   unwindable: not meanwhile
patchable_function demo_uses_fp
  mov x9, x29
  .cfi_register 29, 9
  mov x29, x0
  .moment demo_fp_is_scratch      // no frame table can say that the caller's x29 is in x9
  mov x29, x9
  .cfi_restore 29
  ret
.end_function demo_uses_fp
