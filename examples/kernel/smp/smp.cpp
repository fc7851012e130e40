// SPDX-License-Identifier: MIT
#include "smp/smp.hpp"

#include "arch/cpu.hpp"
#include "arch/interrupt_mask.hpp"
#include "arch/interrupts.hpp"
#include "arch/panic.hpp"
#include "arch/spin_lock.hpp"
#include "devices/gicv2.hpp"
#include "memory/cache.hpp"
#include "sched/lock.hpp"
#include "sched/scheduler.hpp"
#include "smp/psci.hpp"

namespace kernel {
namespace {

constinit unsigned cpu_count = 1;
constinit std::uint32_t started = 0;  // a bit for each CPU that was started and runs

// The call that is made now. Written by whoever holds the lock, while no bit is pending.
constinit SpinLock call_lock;
constinit smp::Call present_call = nullptr;
constinit std::uint64_t present_argument = 0;
constinit std::uint32_t pending = 0;  // a bit for each CPU that has still to make it

constexpr std::uint32_t bit_of(unsigned cpu) noexcept { return std::uint32_t{1} << cpu; }

// Makes the call, if this CPU has to. With interrupts masked.
void make_pending_call() noexcept {
  const std::uint32_t own = bit_of(cpu::index());
  if ((__atomic_load_n(&pending, __ATOMIC_ACQUIRE) & own) == 0) return;
  present_call(present_argument);
  __atomic_fetch_and(&pending, ~own, __ATOMIC_RELEASE);
}

// The call may have been made already, while this CPU waited with interrupts masked.
void on_call(ExceptionFrame&) noexcept { make_pending_call(); }

void on_reschedule(ExceptionFrame&) noexcept { sched::request_preemption(); }

// On each CPU.
void receive_interrupts() noexcept {
  interrupts::set_handler(interrupts::reschedule_id, on_reschedule);
  interrupts::set_handler(interrupts::call_id, on_call);
  interrupts::set_handler(interrupts::stop_id, stop_for_panic);
}

extern "C" void kernel_start_secondary() noexcept;

void start(unsigned cpu, const Task& idle) noexcept {
  // It begins with caches off, and writes to its stack past them.
  memory::write_back(idle.stack());
  if (!psci::start_cpu(cpu, reinterpret_cast<std::uintptr_t>(&kernel_start_secondary), idle.index)) {
    panic("a CPU could not be started");
  }
  while ((__atomic_load_n(&started, __ATOMIC_ACQUIRE) & bit_of(cpu)) == 0) {
  }
}

}  // namespace

/// Called by start.S on every CPU but the first, on the stack of its idle task.
extern "C" [[noreturn]] void kernel_secondary_main(std::uint64_t idle_task) noexcept {
  gicv2::initialize_cpu();
  receive_interrupts();
  sched::adopt_task(sched::at(static_cast<unsigned>(idle_task)));
  __atomic_fetch_or(&started, bit_of(cpu::index()), __ATOMIC_RELEASE);
  unmask_system_errors();
  unmask_interrupts();
  sched::become_idle();
}

unsigned smp::start_others() noexcept {
  receive_interrupts();
  // Also for this one, which is the first: what a task that waits is walked by is not to depend on its CPU.
  for (unsigned cpu = 0; cpu != cpu::most && psci::has_cpu(cpu); ++cpu) {
    const Task* const idle = sched::create_idle(cpu);
    if (idle == nullptr) panic("no room for an idle task");
    if (cpu == 0) continue;
    start(cpu, *idle);
    __atomic_store_n(&cpu_count, cpu + 1, __ATOMIC_RELEASE);
  }
  return count();
}

unsigned smp::count() noexcept { return __atomic_load_n(&cpu_count, __ATOMIC_ACQUIRE); }

void smp::call_on_others(Call call, std::uint64_t argument) noexcept {
  const InterruptsMasked masked;
  // Two CPUs that call at once: the one that waits makes the other's call.
  while (!call_lock.try_lock()) make_pending_call();
  present_call = call;
  present_argument = argument;
  const std::uint32_t others = (bit_of(count()) - 1) & ~bit_of(cpu::index());
  __atomic_store_n(&pending, others, __ATOMIC_RELEASE);
  for (unsigned cpu = 0; cpu != count(); ++cpu) {
    if ((others & bit_of(cpu)) != 0) interrupts::send(cpu, interrupts::call_id);
  }
  while (__atomic_load_n(&pending, __ATOMIC_ACQUIRE) != 0) asm volatile("yield");
  call_lock.unlock();
}

void smp::call_on_all(Call call, std::uint64_t argument) noexcept {
  // So that this CPU and the others do not change between the two.
  const InterruptsMasked masked;
  call_on_others(call, argument);
  call(argument);
}

void smp::synchronize_instructions() noexcept {
  call_on_others([](std::uint64_t) { instruction_barrier(); });
}

}  // namespace kernel
