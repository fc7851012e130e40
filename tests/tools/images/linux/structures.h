/* SPDX-License-Identifier: MIT
 *
 * The members of a kernel's structures that a reader of dumps asks for, by Linux's names, in an order of our own. Two
 * forms: with plain records as up to 6.12, and (SUREFOOT_TYPED) with what later releases have. Read by C, and by C++
 * in a namespace of its own for each form. */

typedef unsigned long ulong_t;

struct list_head {
  struct list_head* next;
  struct list_head* prev;
};
struct llist_node {
  struct llist_node* next;
};
struct llist_head {
  struct llist_node* first;
};

#ifdef SUREFOOT_TYPED
struct frame_record_meta {
  ulong_t record[2];
  ulong_t type;
  ulong_t spare;
};
#endif

struct pt_regs {
  ulong_t regs[31];
  ulong_t sp;
  ulong_t pc;
  ulong_t pstate;
  ulong_t number;
  ulong_t spare;
#ifdef SUREFOOT_TYPED
  struct frame_record_meta stackframe;
#else
  ulong_t stackframe[2];
#endif
};

struct thread_info {
  ulong_t flags;
  unsigned cpu;
};
struct cpu_context {
  ulong_t x19_to_x28[10];
  ulong_t fp;
  ulong_t sp;
  ulong_t pc;
};
struct thread_struct {
  ulong_t before;
  struct cpu_context cpu_context;
};
struct signal_struct {
  ulong_t count;
  struct list_head thread_head;
};

struct ftrace_ret_stack {
  ulong_t ret;
  ulong_t func;
#ifndef SUREFOOT_TYPED
  ulong_t calltime;
#endif
  ulong_t fp;
};

#ifdef SUREFOOT_TYPED
struct rethook_node {
  void* owner;
  struct llist_node llist;
  ulong_t ret_addr;
  ulong_t frame;
};
#else
struct kretprobe_instance {
  void* owner;
  ulong_t spare;
  struct llist_node llist;
  ulong_t ret_addr;
  void* fp;
};
#endif

struct task_struct {
  struct thread_info thread_info;
#ifdef SUREFOOT_TYPED
  unsigned __state;
#else
  volatile long state;
#endif
  void* stack;
#ifdef SUREFOOT_TYPED
  unsigned char on_cpu;
#else
  int on_cpu;
#endif
  struct list_head tasks;
  void* mm;
  int exit_state;
  int pid;
  int tgid;
  struct list_head thread_node;
  ulong_t nvcsw;
  ulong_t nivcsw;
  char comm[16];
  struct signal_struct* signal;
  int curr_ret_stack;
  ulong_t* ret_stack;
#ifdef SUREFOOT_TYPED
  struct llist_head rethooks;
#else
  struct llist_head kretprobe_instances;
#endif
  struct thread_struct thread;
};

struct rq {
  unsigned running;
  struct task_struct* curr;
  struct task_struct* idle;
};

struct attribute {
  const char* name;
  unsigned short mode;
};
struct bin_attribute {
  struct attribute attr;
  ulong_t size;
#ifdef SUREFOOT_TYPED
#ifdef __cplusplus
  void* private_of_file;
#else
  void* private;
#endif
#endif
};
#ifdef SUREFOOT_TYPED
struct module_memory {
  void* base;
  unsigned size;
};
struct module_sect_attrs {
  ulong_t group;
  struct bin_attribute attrs[1];
};
struct ftrace_regs {
  ulong_t regs[9];
  ulong_t direct_tramp;
  ulong_t fp;
  ulong_t lr;
  ulong_t sp;
  ulong_t pc;
};
#else
struct module_layout {
  void* base;
  unsigned size;
  unsigned text_size;
};
struct module_sect_attr {
  struct bin_attribute battr;
  ulong_t address;
};
struct module_sect_attrs {
  ulong_t group;
  unsigned nsections;
  struct module_sect_attr attrs[1];
};
#endif
struct mod_kallsyms {
  void* symtab;
  unsigned num_symtab;
  char* strtab;
};
struct module {
  int state;
  struct list_head list;
  char name[56];
#ifdef SUREFOOT_TYPED
  struct module_memory mem[2];
#else
  struct module_layout core_layout;
#endif
  struct module_sect_attrs* sect_attrs;
  struct mod_kallsyms* kallsyms;
};
