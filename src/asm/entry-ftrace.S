// SPDX-License-Identifier: MIT
//
// The trampolines between a traced function and the tracing runtime, and the one through which a hooked function
// returns. A patch site calls the first two with the function's return address P in x9 and its own address F, after
// the bl, in x30; x0 to x8 hold the arguments, and x9 to x17 are free [aapcs64 §6.1.1].
//
// A walk may meet any of these instructions in an interrupted context, so each stretch with a state of its own is a
// range of the special-range table, declared where the stretch ends. P is at every instruction in a register, in a
// frame that x29 or sp leads to, or in the newest entry of the return stack.
//
// For debuggers the trampoline's caller is F at its patch site, and F still has P in its link register. That takes two
// columns: the pc (32) is the return column, and 30 is what x30 was in F [aadwarf64 §4.1].
#include "surefoot/asm.h"
#include "surefoot/layout.h"
#include "surefoot/return_trampoline.h"

  .set .Lframe_size, SUREFOOT_FTRACE_FRAME_SIZE
  .set .Lcfi_fp, SUREFOOT_FTRACE_FRAME_OFFSET_FP - SUREFOOT_FTRACE_FRAME_SIZE
  .set .Lcfi_lr, SUREFOOT_FTRACE_FRAME_OFFSET_LR - SUREFOOT_FTRACE_FRAME_SIZE
  .set .Lcfi_pc, SUREFOOT_FTRACE_FRAME_OFFSET_PC - SUREFOOT_FTRACE_FRAME_SIZE
// From x29, where it points at the function's record, to the pc by which the trampoline returns.
  .set .Lsaved_pc, SUREFOOT_FTRACE_FRAME_OFFSET_PC - SUREFOOT_FTRACE_FRAME_OFFSET_FUNCTION_RECORD
// And to the x29 and x30 that the function will get back.
  .set .Lsaved_registers, SUREFOOT_FTRACE_FRAME_OFFSET_FP - SUREFOOT_FTRACE_FRAME_OFFSET_FUNCTION_RECORD
// From sp, while it is at the frame.
  .set .Lframe_pc, SUREFOOT_FTRACE_FRAME_OFFSET_PC

// .before_frame: the special ranges of a trampoline's first instructions. F goes on behind its patch site, by x30, and
// has its return address in x9. From `has_room` on, sp is below the FtraceFrame.
.macro .before_frame start:req, has_room:req, end:req
  .special_range \start, \has_room, ftrace_trampoline, pc=link_register, lr=x9, caller_sp=0
  .special_range \has_room, \end, ftrace_trampoline, pc=link_register, lr=x9, caller_sp=.Lframe_size
.endm

// .in_frame: a special range in which the FtraceFrame is complete and x29 points at its first record. What a tracer
// hooks is the return address of F. P, the second caller from here, is in its record all the time, hooked or not.
.macro .in_frame start:req, end:req, kind:req
  .special_range \start, \end, \kind, pc=frame_record, in_flight=2, offset=.Lsaved_pc, \
    registers_offset=.Lsaved_registers
.endm

// .cfi_in_frame: the state of every stretch in which the FtraceFrame is complete.
.macro .cfi_in_frame
  .cfi_return_column 32
  .cfi_def_cfa 31, .Lframe_size
  .cfi_offset 29, .Lcfi_fp
  .cfi_offset 30, .Lcfi_lr
  .cfi_offset 32, .Lcfi_pc
.endm

// .inner_function: begins a part of a function that has a name of its own; .size is written where it ends.
//   name: its symbol. Required.
.macro .inner_function name:req
  .global \name
  .type \name, %function
\name:
.endm

// begin_frame: makes room for the FtraceFrame and saves x0 to x7, which both variants do alike.
//   has_room: the label behind the change of sp. Required.
.macro begin_frame has_room:req
  .cfi_return_column 32
  .cfi_register 32, 30
  .cfi_register 30, 9
  bti_call  // a far site may come through a linker's veneer, and so by an indirect branch
  sub sp, sp, #SUREFOOT_FTRACE_FRAME_SIZE
  .cfi_def_cfa_offset .Lframe_size
\has_room:
  stp x0, x1, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 0 * 8]
  stp x2, x3, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 2 * 8]
  stp x4, x5, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 4 * 8]
  stp x6, x7, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 6 * 8]
.endm

// complete_frame: saves what is left and points x29 at the two records. x10 = site and flags; clobbers x10.
// The records are written first and x29 is changed once, so that no moment exists at which only one of them counts.
.macro complete_frame
  str x10, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_FLAGS]
  stp x29, x9, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_FP]
  .cfi_offset 29, .Lcfi_fp
  .cfi_offset 30, .Lcfi_lr
#if SUREFOOT_FTRACE_FRAME_OFFSET_LR != SUREFOOT_FTRACE_FRAME_OFFSET_FP + 8
# error "the stp above stores lr right after fp"
#endif
  add x10, sp, #SUREFOOT_FTRACE_FRAME_SIZE
  stp x10, x30, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_SP]
  .cfi_offset 32, .Lcfi_pc
#if SUREFOOT_FTRACE_FRAME_OFFSET_PC != SUREFOOT_FTRACE_FRAME_OFFSET_SP + 8
# error "the stp above stores pc right after sp"
#endif
  add x10, sp, #SUREFOOT_FTRACE_FRAME_OFFSET_CALLER_RECORD
  stp x29, x9, [x10]
  stp x10, x30, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_FUNCTION_RECORD]
#if SUREFOOT_FRAME_RECORD_OFFSET_FP != 0 || SUREFOOT_FRAME_RECORD_OFFSET_LR != 8
# error "the two stp above write frame records"
#endif
  add x29, sp, #SUREFOOT_FTRACE_FRAME_OFFSET_FUNCTION_RECORD
.endm

// One section: the branches between the trampolines stay short, and the table stays in the order of writing.
  .section .text.surefoot_ftrace, "ax", %progbits

// ftrace_regs_caller: entered from the patch site of a function that some tracer wants with all its registers
//   in: x9 = P, x30 = F, x29, sp of P's call   out: at ftrace_common   clobbers: x10 to x17
//   stack: FtraceFrame   unwindable: once x29 points at the records
.function ftrace_regs_caller
  begin_frame .Lregs_caller_has_room
  stp x8, x9, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 8 * 8]
  stp x10, x11, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 10 * 8]
  stp x12, x13, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 12 * 8]
  stp x14, x15, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 14 * 8]
  stp x16, x17, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 16 * 8]
  stp xzr, x19, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 18 * 8]  // x18 is not for the library to look at
  stp x20, x21, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 20 * 8]
  stp x22, x23, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 22 * 8]
  stp x24, x25, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 24 * 8]
  stp x26, x27, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 26 * 8]
  str x28, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 28 * 8]
  orr x10, x30, #SUREFOOT_FTRACE_FRAME_HAS_ALL_REGISTERS
  complete_frame
.Lregs_caller_in_frame:
  b ftrace_common
.Lregs_caller_end:
  .before_frame ftrace_regs_caller, .Lregs_caller_has_room, .Lregs_caller_in_frame
  .in_frame .Lregs_caller_in_frame, .Lregs_caller_end, ftrace_trampoline
.end_function ftrace_regs_caller

// ftrace_caller: entered from the patch site of every other traced function
//   in: x9 = P, x30 = F, x29, sp of P's call   out: at ftrace_common   clobbers: x10 to x17
//   stack: FtraceFrame   unwindable: once x29 points at the records
.function ftrace_caller
  begin_frame .Lcaller_has_room
  str x8, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 8 * 8]
  mov x10, x30
  complete_frame
.Lcaller_in_frame:
  b ftrace_common
.Lcaller_end:
  .before_frame ftrace_caller, .Lcaller_has_room, .Lcaller_in_frame
  .in_frame .Lcaller_in_frame, .Lcaller_end, ftrace_trampoline
.end_function ftrace_caller

// ftrace_common: calls the tracers and the graph tracer, and goes on in F
//   in: sp -> FtraceFrame, x29 -> its function_record   out: the registers that the frame then holds, at frame.pc
//   clobbers: x9 to x17, but x10 to x17 come from the frame if it has all registers   stack: gives the FtraceFrame back
//   unwindable: until x29 is restored
.function ftrace_common
  .cfi_in_frame
  mov x0, sp
.inner_function ftrace_call
  bl ftrace_stub  // patched: surefoot_ftrace_dispatch(FtraceFrame*) while a tracer is registered
  .size ftrace_call, . - ftrace_call
.inner_function ftrace_graph_call
  nop             // patched: b ftrace_graph_caller while a graph tracer is registered
  .size ftrace_graph_call, . - ftrace_graph_call

.inner_function ftrace_common_return
  ldr x10, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_FLAGS]
  tbz x10, #0, .Lrestore_arguments
#if SUREFOOT_FTRACE_FRAME_HAS_ALL_REGISTERS != 1 << 0
# error "the tbz above tests the flag's bit"
#endif
  ldp x10, x11, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 10 * 8]
  ldp x12, x13, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 12 * 8]
  ldp x14, x15, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 14 * 8]
  ldp x16, x17, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 16 * 8]
  // Not x18: it may be a property of the CPU, and the tracer may have been moved to another one.
  ldp x19, x20, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 19 * 8]
  ldp x21, x22, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 21 * 8]
  ldp x23, x24, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 23 * 8]
  ldp x25, x26, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 25 * 8]
  ldp x27, x28, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 27 * 8]
.Lrestore_arguments:
  ldp x0, x1, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 0 * 8]
  ldp x2, x3, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 2 * 8]
  ldp x4, x5, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 4 * 8]
  ldp x6, x7, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 6 * 8]
  ldr x8, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_X0 + 8 * 8]
  // x29 and x30 in one instruction: no moment exists at which P is in neither the records nor the link register.
  ldp x29, x30, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_FP]
  .cfi_same_value 29
  .cfi_same_value 30
.Lreturn_by_frame_pc:
  ldr x9, [sp, #SUREFOOT_FTRACE_FRAME_OFFSET_PC]
  .cfi_register 32, 9
.Lreturn_by_x9:
  add sp, sp, #SUREFOOT_FTRACE_FRAME_SIZE
  .cfi_def_cfa_offset 0
.Lreturn_by_x9_alone:
  ret x9  // RET needs no landing pad at the other end [arm-arm C6.2, BTI]
  .size ftrace_common_return, . - ftrace_common_return
.Lcommon_end:
  .in_frame ftrace_common, ftrace_call, ftrace_trampoline
  // ftrace_call+4, the tracers' return address, is looked up at ftrace_call and met as an exact pc when interrupted.
  .in_frame ftrace_call, ftrace_common_return, ftrace_call
  .in_frame ftrace_common_return, .Lreturn_by_frame_pc, ftrace_trampoline
  // F resumes at the frame's pc; where it will return to is in its link register already.
  .special_range .Lreturn_by_frame_pc, .Lreturn_by_x9, ftrace_trampoline, pc=stack, lr=link_register, \
    offset=.Lframe_pc, caller_sp=.Lframe_size
  // F resumes at x9: with sp below the frame, and with it given back.
  .special_range .Lreturn_by_x9, .Lreturn_by_x9_alone, ftrace_trampoline, pc=x9, lr=link_register, \
    caller_sp=.Lframe_size
  .special_range .Lreturn_by_x9_alone, .Lcommon_end, ftrace_trampoline, pc=x9, lr=link_register, caller_sp=0
.end_function ftrace_common

// ftrace_graph_caller: lets the graph tracer hook the return of F
//   in: sp -> FtraceFrame, x29 -> its function_record   out: at ftrace_common_return, frame.lr = P or return_to_handler
//   clobbers: x0 to x17   stack: none   unwindable: throughout
.function ftrace_graph_caller
  .cfi_in_frame
  mov x0, sp
  bl surefoot_ftrace_graph_entry
  b ftrace_common_return
.Lgraph_caller_end:
  .in_frame ftrace_graph_caller, .Lgraph_caller_end, ftrace_graph_caller
.end_function ftrace_graph_caller

// return_to_handler: where a function returns to that the graph tracer has hooked
return_trampoline return_to_handler, kind=return_to_handler, exit=surefoot_ftrace_exit

// ftrace_stub: what ftrace_call calls while nobody traces
//   in: -   out: -   clobbers: nothing   stack: none, leaf   unwindable: by the link register only
.function ftrace_stub
  bti_call
  ret
.Lstub_end:
  .special_range ftrace_stub, .Lstub_end, ftrace_trampoline, pc=link_register
.end_function ftrace_stub

.bti_property
