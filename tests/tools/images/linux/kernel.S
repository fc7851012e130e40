// SPDX-License-Identifier: MIT
//
// The code of a miniature kernel: functions with Linux's names, made of what a reader of dumps recognises them by. It
// is never run.
#include "kernel.inc"

#ifdef SUREFOOT_TYPED
#define PT_REGS_SIZE 320
#else
#define PT_REGS_SIZE 304
#endif
#define PT_REGS_RECORD 288

.macro save_registers level:req
  stp x0, x1, [sp]
  stp x28, x29, [sp, #224]
  add x21, sp, #PT_REGS_SIZE
  stp x30, x21, [sp, #240]
  mrs x22, elr_el1
  mrs x23, spsr_el1
  stp x22, x23, [sp, #256]
#ifdef SUREFOOT_TYPED
  stp xzr, xzr, [sp, #PT_REGS_RECORD]
  mov x24, #(\level + 1)
  str x24, [sp, #PT_REGS_RECORD + 16]
#else
  .if \level == 0
  stp xzr, xzr, [sp, #PT_REGS_RECORD]
  .else
  stp x29, x22, [sp, #PT_REGS_RECORD]
  .endif
#endif
  add x29, sp, #PT_REGS_RECORD
.endm

// A symbol of code that no compiler has made: no CFI.
.macro begin_code name:req
  .globl \name
  .p2align 3
\name:
.endm

.macro end_code name:req
  .type \name, %function
  .size \name, . - \name
.endm

.macro entry level:req, name:req, back:req
  begin_code \name
  save_registers \level
  mov x0, sp
  bl \name\()_handler
  b \back
  end_code \name
.endm

.section .entry.text, "ax"
.globl __entry_text_start, __entry_text_end
__entry_text_start:
entry 1, el1h_64_sync, ret_to_kernel
entry 1, el1h_64_irq, ret_to_kernel
entry 0, el0t_64_sync, ret_to_user
entry 0, el0t_64_irq, ret_to_user
entry 0, el0t_32_sync, ret_to_user
begin_code __bad_stack
  sub sp, sp, #PT_REGS_SIZE
  save_registers 1
  mov x0, sp
  bl handle_bad_stack
  brk #0x800
end_code __bad_stack
begin_code ret_to_kernel
  ldp x0, x1, [sp], #PT_REGS_SIZE
  eret
end_code ret_to_kernel
begin_code ret_to_user
  ldp x0, x1, [sp], #PT_REGS_SIZE
  eret
end_code ret_to_user
__entry_text_end:

.text
begin_code call_on_irq_stack
  stp x29, x30, [sp, #-16]!
  mov x29, sp
  mrs x16, tpidr_el1
  ldr x16, [x16]
  add sp, x16, #2, lsl #12
  blr x1
  mov sp, x29
  ldp x29, x30, [sp], #16
  ret
end_code call_on_irq_stack

begin_code cpu_switch_to
  mov x9, sp
  stp x29, x9, [x8], #16
  str x30, [x8]
  ldp x29, x9, [x10], #16
  ldr x30, [x10]
  mov sp, x9
  ret
end_code cpu_switch_to

begin_code ret_from_fork
  bl schedule_tail
  cbz x19, 1f
  mov x0, x20
  blr x19
1:
  b ret_to_user
end_code ret_from_fork

begin_code __secondary_switched
  adrp x5, init_task
  stp xzr, xzr, [sp]
  add x29, sp, #PT_REGS_RECORD
  bl secondary_start_kernel
  brk #0x800
end_code __secondary_switched

#ifdef SUREFOOT_TYPED
begin_code ftrace_caller
  sub sp, sp, #144
  stp x0, x1, [sp]
  str x30, [sp, #104]
  stp x29, x9, [sp, #80]
  add x29, sp, #144
  stp x29, x30, [sp, #112]
  add x29, sp, #112
  blr x4
  ldr x30, [sp, #104]
  add sp, sp, #144
  ret x9
end_code ftrace_caller
#else
begin_code ftrace_caller
  sub sp, sp, #(PT_REGS_SIZE + 16)
  stp x29, x9, [sp, #PT_REGS_SIZE]
  add x29, sp, #PT_REGS_SIZE
  stp x29, x30, [sp, #PT_REGS_RECORD]
  add x29, sp, #PT_REGS_RECORD
  b ftrace_common
end_code ftrace_caller
begin_code ftrace_common
  sub x0, x30, #4
  mov x3, sp
.globl ftrace_call
ftrace_call:
  nop
  ldr x30, [sp, #240]
  add sp, sp, #(PT_REGS_SIZE + 16)
  ret x9
end_code ftrace_common
#endif
begin_code ftrace_stub
  ret
end_code ftrace_stub
begin_code return_to_handler
  sub sp, sp, #64
  stp x0, x1, [sp]
  mov x0, x29
  bl ftrace_return_to_handler
  mov x30, x0
  ldp x0, x1, [sp]
  add sp, sp, #64
  ret
end_code return_to_handler
#ifdef SUREFOOT_TYPED
begin_code arch_rethook_trampoline
#else
begin_code __kretprobe_trampoline
#endif
  sub sp, sp, #PT_REGS_SIZE
  stp x0, x1, [sp]
  add x29, sp, #232
  mov x0, sp
  bl trampoline_handler
  mov x30, x0
  add sp, sp, #PT_REGS_SIZE
  ret
#ifdef SUREFOOT_TYPED
end_code arch_rethook_trampoline
#else
end_code __kretprobe_trampoline
#endif

.globl __hyp_text_start, __hyp_text_end
.p2align 3
__hyp_text_start:
calling hyp_function, hyp_helper
calling hyp_helper, leaf
__hyp_text_end:

// What a system call does.
calling el0t_64_sync_handler, do_el0_svc
calling_pointer do_el0_svc
calling sys_read, vfs_read
calling vfs_read, copy_words, wait_for_data
calling wait_for_data, schedule
calling schedule, __schedule
calling __schedule, __switch_to
calling __switch_to, cpu_switch_to
calling kthread, schedule
calling schedule_tail, leaf

// What exceptions do.
calling el1h_64_sync_handler, do_page_fault
calling do_page_fault, schedule
calling el1h_64_irq_handler, call_on_irq_stack
calling el0t_64_irq_handler, leaf
calling el0t_32_sync_handler, do_el0_svc
calling handle_irq, crash
calling handle_bad_stack, crash
calling crash, leaf

// What an idle CPU does.
calling secondary_start_kernel, cpu_startup_entry
calling cpu_startup_entry, do_idle
calling do_idle, wait_for_interrupt, schedule

// What tracers do.
calling ftrace_return_to_handler, leaf
calling trampoline_handler, leaf
#ifdef SUREFOOT_TYPED
calling fgraph_reserve_data, leaf
#endif

begin wait_for_interrupt
  dsb sy
  wfi
  ret
end wait_for_interrupt
begin leaf
  add x0, x0, #1
  ret
end leaf
// A fault at its load is one in a function without a record.
begin copy_words
1:
  ldr x3, [x1], #8
.globl copy_words_fault
copy_words_fault:
  str x3, [x0], #8
  subs x2, x2, #8
  b.ne 1b
  ret
end copy_words

// What boots.
.section .init.text, "ax"
begin_code __primary_switched
  stp xzr, xzr, [sp]
  bl start_kernel
  brk #0x800
end_code __primary_switched
calling start_kernel, cpu_startup_entry
