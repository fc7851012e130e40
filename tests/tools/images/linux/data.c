// SPDX-License-Identifier: MIT
//
// The data of a miniature kernel: what a reader of its dumps looks up by name. All of it is set by those who make a
// dump of it.
#include <stddef.h>

#include "structures.h"

#define PER_CPU __attribute__((section(".data..percpu"), aligned(16)))

// What kernel.S writes down as numbers.
_Static_assert(offsetof(struct pt_regs, pc) == 256, "pc");
_Static_assert(offsetof(struct pt_regs, stackframe) == 288, "record");
#ifdef SUREFOOT_TYPED
_Static_assert(sizeof(struct pt_regs) == 320, "size");
_Static_assert(sizeof(struct ftrace_regs) == 112, "size");
#else
_Static_assert(sizeof(struct pt_regs) == 304, "size");
#endif

struct task_struct init_task = {.pid = 0};
struct list_head modules = {&modules, &modules};
ulong_t __per_cpu_offset[8] = {0};
unsigned nr_cpu_ids = 1;
int system_state = 3;
const char linux_banner[] = "Linux version 6.0.0-miniature (nobody@nowhere)\n";

PER_CPU struct rq runqueues = {0};
PER_CPU ulong_t irq_stack_ptr = 0;
PER_CPU char overflow_stack[4096] = {0};

// So that the types are in the debug information.
struct pt_regs any_pt_regs;
struct signal_struct any_signal;
struct ftrace_ret_stack any_ret_stack;
struct module any_module;
struct module_sect_attrs* any_sections;
struct mod_kallsyms any_kallsyms;
#ifdef SUREFOOT_TYPED
struct rethook_node any_rethook;
struct ftrace_regs any_ftrace_regs;
#else
struct kretprobe_instance any_kretprobe;
#endif
