// SPDX-License-Identifier: MIT
//
// A kernel with two tasks, a timer and a breakpoint, on QEMU's `virt` machine. It shows four walks.
#include "kernel.h"

// As switch_context saves it (asm_tasks.h).
struct task {
  uint64_t x19_to_x28[10];
  struct surefoot_registers registers;
  struct surefoot_task_activity activity;
};

_Alignas(16) static char boot_memory[16384], worker_memory[16384];
char* const boot_stack_top = boot_memory + sizeof boot_memory;  // for start.S
static const struct surefoot_stack boot_stack = {.range = {(uintptr_t)boot_memory, sizeof boot_memory}};
static const struct surefoot_stack worker_stack = {.range = {(uintptr_t)worker_memory, sizeof worker_memory}};
static struct task boot_task, worker;

void switch_context(struct task* from, const struct task* to);
void task_entry(void);

#define REGISTER(address) (*(volatile uint32_t*)(uintptr_t)(address))
#define GIC_DISTRIBUTOR(offset) REGISTER(0x08000000 + (offset))
#define GIC_CPU(offset) REGISTER(0x08010000 + (offset))

static void write(void* object, const char* text, size_t size) {
  (void)object;
  for (; size != 0; --size) REGISTER(0x09000000) = (unsigned char)*text++;
}

const struct surefoot_sink console = {.write = write};

void print(const char* text) {
  for (; *text != 0; ++text) write(NULL, text, 1);
}

// PSCI SYSTEM_OFF, by the call of a machine without EL2.
_Noreturn static void switch_off(void) {
  register uint64_t function __asm__("x0") = 0x84000008;
  __asm__ volatile("hvc #0" : "+r"(function) : : "memory");
  for (;;);
}

_Noreturn void handle_unexpected(struct surefoot_exception_frame* frame) {
  show_walk("panic: ", surefoot_start_exception(frame), &boot_stack);
  switch_off();
}

// A BRK asks for a trace of the code that has it.
void handle_sync(struct surefoot_exception_frame* frame) {
  if (frame->esr >> 26 != 0x3c) handle_unexpected(frame);
  show_walk("brk: ", surefoot_start_exception(frame), &boot_stack);
  frame->pc += 4;
}

// A walk from the handler itself, through the exception and on to the code that it interrupted.
void handle_irq(void) {
  const uint32_t id = GIC_CPU(0x00c);
  __asm__ volatile("msr cntv_ctl_el0, xzr");
  show_walk("irq: ", surefoot_start_here(), &boot_stack);
  GIC_CPU(0x010) = id;
}

// The virtual timer's interrupt has the number 27. It is pending, and then taken at once.
static void wait_for_tick(void) {
  GIC_DISTRIBUTOR(0x000) = 1;
  GIC_DISTRIBUTOR(0x100) = 1u << 27;
  GIC_CPU(0x004) = 0xff;
  GIC_CPU(0x000) = 1;
  __asm__ volatile("msr cntv_tval_el0, %0\n\tmsr cntv_ctl_el0, %1\n\twfi" : : "r"(9999ul), "r"(1ul));
  __asm__ volatile("msr daifclr, #2\n\tisb\n\tmsr daifset, #2" : : : "memory");
}

static void switch_to(struct task* from, struct task* to) {
  surefoot_leave_cpu(&from->activity);
  surefoot_enter_cpu(&to->activity);
  switch_context(from, to);
}

// The worker's body: it gives up the CPU, for ever.
void task_body(void) {
  for (;;) switch_to(&worker, &boot_task);
}

// Its chain of records ends at a final record, as that of the boot task does.
static void create_worker(void) {
  uint64_t* const record = (uint64_t*)(worker_memory + sizeof worker_memory - SUREFOOT_FINAL_RECORD_BELOW_TOP);
  record[0] = record[1] = 0;
  record[2] = SUREFOOT_METADATA_FINAL;
  worker.registers.fp = worker.registers.sp = (uintptr_t)record;
  worker.registers.pc = (uintptr_t)task_entry + 4;
}

void kernel_main(void) {
  surefoot_enter_cpu(&boot_task.activity);
  describe_kernel(&boot_stack);
  show_walk("plain: ", surefoot_start_here(), &boot_stack);
  create_worker();
  switch_to(&boot_task, &worker);
  show_walk("blocked: ", surefoot_start_blocked_task(&worker.registers, &worker.activity), &worker_stack);
  wait_for_tick();
  __asm__ volatile("brk #1");
  switch_off();
}
