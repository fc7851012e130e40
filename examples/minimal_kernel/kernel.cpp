// SPDX-License-Identifier: MIT
//
// A kernel with two tasks, a timer and a breakpoint, on QEMU's `virt` machine. It shows four walks.
#include "kernel.hpp"

// As switch_context saves it (asm_tasks.h).
struct Task {
  std::uint64_t x19_to_x28[10];
  surefoot::Registers registers;
  surefoot::TaskActivity activity;
};

extern "C" {
extern char* const boot_stack_top;
void switch_context(Task* from, const Task* to) noexcept;
void task_entry() noexcept;
}

namespace {

alignas(16) constinit char boot_memory[16384] = {};
alignas(16) constinit char worker_memory[16384] = {};
constinit Task boot_task{}, worker{};

surefoot::Stack stack_in(const char (&memory)[16384]) noexcept {
  return {{reinterpret_cast<std::uint64_t>(memory), reinterpret_cast<std::uint64_t>(memory + sizeof memory)}};
}

volatile std::uint32_t& device_register(std::uint64_t address) noexcept {
  return *reinterpret_cast<volatile std::uint32_t*>(address);
}
volatile std::uint32_t& gic_distributor(std::uint64_t offset) noexcept { return device_register(0x08000000 + offset); }
volatile std::uint32_t& gic_cpu(std::uint64_t offset) noexcept { return device_register(0x08010000 + offset); }

// PSCI SYSTEM_OFF, by the call of a machine without EL2.
[[noreturn]] void switch_off() noexcept {
  register std::uint64_t function asm("x0") = 0x84000008;
  asm volatile("hvc #0" : "+r"(function) : : "memory");
  for (;;);
}

// The virtual timer's interrupt has the number 27. It is pending, and then taken at once.
void wait_for_tick() noexcept {
  gic_distributor(0x000) = 1;
  gic_distributor(0x100) = 1u << 27;
  gic_cpu(0x004) = 0xff;
  gic_cpu(0x000) = 1;
  asm volatile("msr cntv_tval_el0, %0\n\tmsr cntv_ctl_el0, %1\n\twfi" : : "r"(9999ul), "r"(1ul));
  asm volatile("msr daifclr, #2\n\tisb\n\tmsr daifset, #2" : : : "memory");
}

void switch_to(Task& from, Task& to) noexcept {
  from.activity.leave_cpu();
  to.activity.enter_cpu();
  switch_context(&from, &to);
}

// Its chain of records ends at a final record, as that of the boot task does.
void create_worker() noexcept {
  char* const record_at = worker_memory + sizeof worker_memory - SUREFOOT_FINAL_RECORD_BELOW_TOP;
  *reinterpret_cast<surefoot::MetadataRecord*>(record_at) = {.zeros = {}, .type = surefoot::MetadataType::final_record};
  worker.registers.fp = worker.registers.sp = reinterpret_cast<std::uint64_t>(record_at);
  worker.registers.pc = reinterpret_cast<std::uint64_t>(task_entry) + 4;
}

}  // namespace

constinit char* const boot_stack_top = boot_memory + sizeof boot_memory;  // for start.S

void print(std::span<const char> text) noexcept {
  for (const char character : text) device_register(0x09000000) = static_cast<unsigned char>(character);
}

void print(const char* text) noexcept {
  while (*text != 0) print({text++, 1});
}

// The handlers of start.S, and what else it calls.
extern "C" {
[[noreturn]] void handle_unexpected(surefoot::ExceptionFrame& frame) noexcept {
  show_walk("panic: ", surefoot::Start::exception(frame), stack_in(boot_memory));
  switch_off();
}

// A BRK asks for a trace of the code that has it.
void handle_sync(surefoot::ExceptionFrame& frame) noexcept {
  if (frame.esr >> 26 != 0x3c) handle_unexpected(frame);
  show_walk("brk: ", surefoot::Start::exception(frame), stack_in(boot_memory));
  frame.pc += 4;
}

// A walk from the handler itself, through the exception and on to the code that it interrupted.
void handle_irq(surefoot::ExceptionFrame&) noexcept {
  const std::uint32_t id = gic_cpu(0x00c);
  asm volatile("msr cntv_ctl_el0, xzr");
  show_walk("irq: ", surefoot::Start::here(), stack_in(boot_memory));
  gic_cpu(0x010) = id;
}

// The worker's body: it gives up the CPU, for ever.
void task_body() noexcept {
  for (;;) switch_to(worker, boot_task);
}

[[noreturn]] void kernel_main() noexcept {
  boot_task.activity.enter_cpu();
  describe_kernel(stack_in(boot_memory));
  show_walk("plain: ", surefoot::Start::here(), stack_in(boot_memory));
  create_worker();
  switch_to(boot_task, worker);
  show_walk("blocked: ", surefoot::Start::blocked_task(worker.registers, worker.activity), stack_in(worker_memory));
  wait_for_tick();
  asm volatile("brk #1");
  switch_off();
}
}
