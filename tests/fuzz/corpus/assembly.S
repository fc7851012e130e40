// SPDX-License-Identifier: MIT
//
// The source of assembly.elf: code without sizes, a literal pool, CFI that few compilers emit.
        .text
        .globl  _start
_start: bl      sized
        b       .
        .type   sized, %function
sized:  .cfi_startproc
        paciasp
        .cfi_negate_ra_state
        stp     x29, x30, [sp, #-32]!
        .cfi_def_cfa_offset 32
        .cfi_offset 30, -24
        .cfi_offset 29, -32
        .cfi_remember_state
        mov     x29, sp
        .cfi_def_cfa_register 29
        ldr     x0, =0x123456789
        blr     x0
        .cfi_restore_state
        ldp     x29, x30, [sp], #32
        .cfi_def_cfa_offset 0
        .cfi_restore 30
        .cfi_restore 29
        autiasp
        .cfi_negate_ra_state
        ret
        .cfi_endproc
        .size   sized, . - sized
        .ltorg
        .globl  unsized
unsized:
        mov     x9, x30
label:  subs    x1, x1, #1
        b.ne    label
        ret     x9
        .cfi_startproc
        .cfi_undefined 30
        .cfi_escape 0x0f, 3, 0x8f, 16, 6
        .cfi_escape 0x10, 29, 2, 0x8f, 0
        .cfi_escape 0x14, 19, 1
        .cfi_register 29, 10
        .cfi_signal_frame
        .cfi_return_column 15
        nop
        .cfi_endproc
