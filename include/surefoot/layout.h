// SPDX-License-Identifier: MIT
//
// Integers that assembly and C++ share. Only preprocessor definitions stand here, so that a .S file may include it;
// the C++ headers that declare the structures prove every number with a static_assert.
#ifndef SUREFOOT_LAYOUT_H
#define SUREFOOT_LAYOUT_H

// Dictated by AAPCS64: a frame record is two words, the caller's x29 and then the return address [aapcs64 §6.4.6].
#define SUREFOOT_FRAME_RECORD_OFFSET_FP 0
#define SUREFOOT_FRAME_RECORD_OFFSET_LR 8
#define SUREFOOT_FRAME_RECORD_SIZE 16

// Dictated by Surefoot, with the values that Linux uses: a record of two zeros carries a type word above it.
#define SUREFOOT_METADATA_RECORD_OFFSET_TYPE 16
#define SUREFOOT_METADATA_RECORD_SIZE 24
#define SUREFOOT_METADATA_FINAL 1
#define SUREFOOT_METADATA_EXCEPTION 2

// Dictated by Surefoot, filled in by the kernel's exception vectors (ExceptionFrame in exception_frame.hpp).
#define SUREFOOT_EXCEPTION_FRAME_OFFSET_X0 0
#define SUREFOOT_EXCEPTION_FRAME_OFFSET_FP (29 * 8)
#define SUREFOOT_EXCEPTION_FRAME_OFFSET_LR (30 * 8)
#define SUREFOOT_EXCEPTION_FRAME_OFFSET_SP (31 * 8)
#define SUREFOOT_EXCEPTION_FRAME_OFFSET_PC (32 * 8)
#define SUREFOOT_EXCEPTION_FRAME_OFFSET_PSTATE (33 * 8)
#define SUREFOOT_EXCEPTION_FRAME_OFFSET_ESR (34 * 8)
#define SUREFOOT_EXCEPTION_FRAME_OFFSET_FAR (35 * 8)
#define SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD (36 * 8)
#define SUREFOOT_EXCEPTION_FRAME_SIZE (40 * 8)

// Dictated by capture.S, filled in by surefoot_capture (Registers in registers.hpp).
#define SUREFOOT_REGISTERS_OFFSET_FP 0
#define SUREFOOT_REGISTERS_OFFSET_SP 8
#define SUREFOOT_REGISTERS_OFFSET_PC 16
#define SUREFOOT_REGISTERS_SIZE 24

// Dictated by context_switch in asm_tasks.h: what a task that is off the CPU gets back. The callee-saved registers of
// AAPCS64 are enough, since the switch is a call [aapcs64 §6.1.1]: x19 to x28, and then Registers.
#define SUREFOOT_CONTEXT_OFFSET_X19 0
#define SUREFOOT_CONTEXT_OFFSET_REGISTERS (10 * 8)
#define SUREFOOT_CONTEXT_OFFSET_X18 (13 * 8)  // only where x18 belongs to the task

// Dictated by entry-ftrace.S (FtraceFrame in ftrace.hpp). The two frame records are the last four words: first the
// traced function's, then its caller's.
#define SUREFOOT_FTRACE_FRAME_OFFSET_X0 0
#define SUREFOOT_FTRACE_FRAME_OFFSET_FP (29 * 8)
#define SUREFOOT_FTRACE_FRAME_OFFSET_LR (30 * 8)
#define SUREFOOT_FTRACE_FRAME_OFFSET_SP (31 * 8)
#define SUREFOOT_FTRACE_FRAME_OFFSET_PC (32 * 8)
#define SUREFOOT_FTRACE_FRAME_OFFSET_FLAGS (33 * 8)
#define SUREFOOT_FTRACE_FRAME_OFFSET_FUNCTION_RECORD (34 * 8)
#define SUREFOOT_FTRACE_FRAME_OFFSET_CALLER_RECORD (36 * 8)
#define SUREFOOT_FTRACE_FRAME_SIZE (38 * 8)
#define SUREFOOT_FTRACE_FRAME_HAS_ALL_REGISTERS 1

// Dictated by return_to_handler in entry-ftrace.S (ReturnFrame in ftrace/frame.hpp).
#define SUREFOOT_RETURN_FRAME_OFFSET_X0 0
#define SUREFOOT_RETURN_FRAME_OFFSET_RECORD (10 * 8)
#define SUREFOOT_RETURN_FRAME_SIZE (12 * 8)

// Dictated by the return-stack protocol, which the tracer, return_to_handler and the walk share (return_stack.hpp).
#define SUREFOOT_RETURN_STACK_OFFSET_ENTRIES 0
#define SUREFOOT_RETURN_STACK_OFFSET_DEPTH 8
#define SUREFOOT_RETURN_STACK_OFFSET_CAPACITY 12
#define SUREFOOT_RETURN_STACK_OFFSET_DROPPED 16
#define SUREFOOT_RETURN_STACK_SIZE 24
#define SUREFOOT_RETURN_ENTRY_OFFSET_RETURN_ADDRESS 0
#define SUREFOOT_RETURN_ENTRY_OFFSET_FUNCTION 8
#define SUREFOOT_RETURN_ENTRY_OFFSET_KEY 16
#define SUREFOOT_RETURN_ENTRY_OFFSET_HOOK 24
#define SUREFOOT_RETURN_ENTRY_SIZE 32
#define SUREFOOT_RETURN_ENTRY_SIZE_SHIFT 5

// Dictated by Surefoot: one entry of the special-range table (SpecialRangeEntry in special_ranges.hpp).
#define SUREFOOT_RANGE_ENTRY_SIZE 16

// SpecialKind in special_ranges.hpp. Zero is no kind, so that an entry of zeros is refused.
#define SUREFOOT_SPECIAL_EXCEPTION_ENTRY 1
#define SUREFOOT_SPECIAL_FTRACE_CALL 2
#define SUREFOOT_SPECIAL_FTRACE_GRAPH_CALLER 3
#define SUREFOOT_SPECIAL_RETURN_TO_HANDLER 4
#define SUREFOOT_SPECIAL_FTRACE_TRAMPOLINE 5
#define SUREFOOT_SPECIAL_RETURN_HOOK 6
#define SUREFOOT_SPECIAL_VENEER 7
#define SUREFOOT_SPECIAL_OTHER 8
#define SUREFOOT_SPECIAL_CALL_WITHOUT_RECORD 9

// Rule in rule.hpp, packed into one byte: where the caller's pc is in bits 0 to 2, where its live link register is in
// bits 3 to 5, and in bits 6 and 7 which caller's return address may be about to be hooked.
#define SUREFOOT_FROM_NOWHERE 0
#define SUREFOOT_FROM_FRAME_RECORD 1
#define SUREFOOT_FROM_LINK_REGISTER 2
#define SUREFOOT_FROM_X9 3
#define SUREFOOT_FROM_STACK 4
#define SUREFOOT_FROM_RETURN_STACK 5
#define SUREFOOT_FROM_EXCEPTION_FRAME 6
#define SUREFOOT_RULE_SHIFT_LR 3
#define SUREFOOT_RULE_SHIFT_IN_FLIGHT 6
// SpecialRangeEntry::caller_sp: this bit, and a multiple of 16. 0 says nothing of sp.
#define SUREFOOT_CALLER_SP_IS_KNOWN 1

#endif  // SUREFOOT_LAYOUT_H
