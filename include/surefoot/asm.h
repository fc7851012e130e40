// SPDX-License-Identifier: MIT
//
// Macros for A64 assembly that a walk may meet: functions with their size and call frame information, special ranges,
// declared beside the code that they describe, exception entry and exit (asm_exceptions.h), and tasks (asm_tasks.h).
// Macros that emit no instruction begin with a dot. For .S files only; C++ functions use special_function.hpp.
#ifndef SUREFOOT_ASM_H
#define SUREFOOT_ASM_H

#include "surefoot/layout.h"

// The names that .special_range takes, so that a declaration reads as the log does.
.set .Lsurefoot_kind_exception_entry, SUREFOOT_SPECIAL_EXCEPTION_ENTRY
  .set .Lsurefoot_kind_ftrace_call, SUREFOOT_SPECIAL_FTRACE_CALL
  .set .Lsurefoot_kind_ftrace_graph_caller, SUREFOOT_SPECIAL_FTRACE_GRAPH_CALLER
  .set .Lsurefoot_kind_return_to_handler, SUREFOOT_SPECIAL_RETURN_TO_HANDLER
  .set .Lsurefoot_kind_ftrace_trampoline, SUREFOOT_SPECIAL_FTRACE_TRAMPOLINE
  .set .Lsurefoot_kind_return_hook, SUREFOOT_SPECIAL_RETURN_HOOK
  .set .Lsurefoot_kind_veneer, SUREFOOT_SPECIAL_VENEER
  .set .Lsurefoot_kind_other, SUREFOOT_SPECIAL_OTHER
  .set .Lsurefoot_kind_call_without_record, SUREFOOT_SPECIAL_CALL_WITHOUT_RECORD
  .set .Lsurefoot_from_nowhere, SUREFOOT_FROM_NOWHERE
  .set .Lsurefoot_from_frame_record, SUREFOOT_FROM_FRAME_RECORD
  .set .Lsurefoot_from_link_register, SUREFOOT_FROM_LINK_REGISTER
  .set .Lsurefoot_from_x9, SUREFOOT_FROM_X9
  .set .Lsurefoot_from_stack, SUREFOOT_FROM_STACK
  .set .Lsurefoot_from_return_stack, SUREFOOT_FROM_RETURN_STACK
  .set .Lsurefoot_from_exception_frame, SUREFOOT_FROM_EXCEPTION_FRAME

/// .special_range: declares that [start, end) is special code.
///   start, end: labels of one section, already defined; they bound whole instructions. Required.
///   kind: one of the SpecialKind names (special_ranges.hpp). Required.
///   pc, lr, in_flight, offset, registers_offset: the rule that leads to the caller of this code, as in struct Rule
///     (rule.hpp), where the last is fp_offset: the names of From for pc and lr, numbers for the others. Default
///     nowhere and 0. For the call of a handler from exception entry whose frames have a plain record:
///     pc=exception_frame.
///   caller_sp: how far above sp the sp is that the rule leads to, a multiple of 16, throughout the range. Default: not
///     known. Without it, a caller that is found by a register and keeps its return address by sp is not found exactly.
/// SHF_LINK_ORDER ties the entry to the section of `start`: the linker sorts entries by the addresses of their code,
/// and drops an entry with its code. Inside one section entries keep the order of writing: declare them in ascending
/// order.
.macro .special_range start:req, end:req, kind:req, pc=nowhere, lr=nowhere, in_flight=0, offset=0, \
    registers_offset=0, caller_sp
  .pushsection .surefoot.ranges, "ao", %progbits, \start
  .balign 4
  .word \start - .
  .word \end - .
  .byte .Lsurefoot_kind_\kind
  .byte .Lsurefoot_from_\pc | .Lsurefoot_from_\lr << SUREFOOT_RULE_SHIFT_LR | \
    \in_flight << SUREFOOT_RULE_SHIFT_IN_FLIGHT
  .hword \offset
  .hword \registers_offset
  .ifnb \caller_sp
  .hword (\caller_sp) | SUREFOOT_CALLER_SP_IS_KNOWN
  .else
  .hword 0
  .endif
  .popsection
.endm

/// .function: begins a global function in the current section.
///   name: its symbol. Required.
.macro .function name:req
  .balign 4
  .global \name
  .type \name, %function
\name:
  .cfi_startproc
.endm

/// .end_function: ends the function that .function began.
///   name: its symbol. Required.
.macro .end_function name:req
  .cfi_endproc
  .size \name, . - \name
.endm

/// .kcfi_type: put right before .function where C or C++ calls the function by its address.
/// Compiled with clang's -fsanitize=kcfi it writes the type that the callers compare with, without it nothing. The type
/// is known where some C or C++ file of the program takes the address; where none does, the word is zero.
///   name: the function's symbol. Required.
.macro .kcfi_type name:req
#if defined(__has_feature)
#if __has_feature(kcfi)
  .weak __kcfi_typeid_\name
  .balign 4
  .word __kcfi_typeid_\name
#endif
#endif
.endm

// The landing pad of an indirect call, BTI C: a hint, and so a NOP on a CPU without FEAT_BTI [arm-arm C6.2, BTI].
// Always emitted: it costs one instruction and lets a caller be built either way.
.macro bti_call
  hint #34
.endm

// Says that every indirect branch target in the object file has a landing pad, so that the linker keeps the property
// for the image [aaelf64 §6.2].
.macro .bti_property
  .pushsection .note.gnu.property, "a", %note
  .balign 8
  .word 4           // size of the name
  .word 16          // size of the property array
  .word 5           // NT_GNU_PROPERTY_TYPE_0
  .asciz "GNU"
  .word 0xc0000000  // GNU_PROPERTY_AARCH64_FEATURE_1_AND
  .word 4           // size of the value
  .word 3           // BTI and PAC
  .word 0
  .popsection
.endm

#include "surefoot/asm_exceptions.h"
#include "surefoot/asm_tasks.h"

#endif  // SUREFOOT_ASM_H
