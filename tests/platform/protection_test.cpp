// SPDX-License-Identifier: MIT
//
// What must fault does: guard pages, text, read-only data, data that is executed; and BTI and pointer authentication,
// on a CPU that has them.
#include <cstdint>

#include "arch/cpu_features.hpp"
#include "arch/exceptions.hpp"
#include "memory/linker_symbols.hpp"
#include "memory/page_tables.hpp"
#include "memory/stacks.hpp"
#include "platform/check.hpp"
#include "platform/probes.hpp"
#include "sched/scheduler.hpp"

namespace kernel::selftest {
namespace {

constinit std::uint32_t fault_count = 0;
constinit std::uint64_t fault_address = 0;

void skip_access(ExceptionFrame& frame) noexcept {
  ++fault_count;
  fault_address = read_syndrome().far;
  step_over(frame);
}

void return_from_call(ExceptionFrame& frame) noexcept {
  ++fault_count;
  fault_address = frame.pc;
  resume_at(frame, frame.lr);
}

// True if `access` to `address` causes exactly one exception of that class there.
bool faults(ExceptionClass kind, ExceptionHook hook, void (*access)(std::uint64_t), std::uint64_t address) noexcept {
  fault_count = 0;
  fault_address = 0;
  const ExceptionHook before = set_exception_hook(kind, hook);
  access(address);
  set_exception_hook(kind, before);
  return fault_count == 1 && fault_address == address;
}

void load(std::uint64_t address) noexcept { static_cast<void>(probe_load(address)); }

bool faults_on_load(std::uint64_t address) noexcept {
  return faults(ExceptionClass::data_abort, skip_access, load, address);
}
bool faults_on_store(std::uint64_t address) noexcept {
  return faults(ExceptionClass::data_abort, skip_access, probe_store, address);
}

bool all_stacks_are_guarded() noexcept {
  bool is_guarded = true;
  const auto look_below = [&is_guarded](const surefoot::AddressRange& stack) {
    const surefoot::AddressRange guard = guard_below(stack);
    is_guarded = is_guarded && faults_on_load(guard.start()) && faults_on_store(guard.end() - 8) &&
                 guard.end() - guard.start() >= memory::page_size;
  };
  for (unsigned task = 0; task != task_count; ++task) look_below(task_stack(task));
  for (unsigned cpu = 0; cpu != cpu::most; ++cpu) {
    look_below(irq_stack(cpu));
    look_below(overflow_stack(cpu));
  }
  return is_guarded;
}

[[gnu::noinline]] bool is_return_address_signed() noexcept {
  const auto* record = static_cast<const volatile std::uint64_t*>(__builtin_frame_address(0));
  return record[1] >> memory::virtual_address_bits != 0;
}

}  // namespace

void check_protection() noexcept {
  const auto no_landing_pad = reinterpret_cast<std::uintptr_t>(probe_without_landing_pad);
  check("protection: every stack has unmapped memory below it", all_stacks_are_guarded());
  check("protection: text cannot be written", faults_on_store(image::text().start()));
  check("protection: read-only data cannot be written", faults_on_store(image::rodata().start()));
  check("protection: address 0 is unmapped", faults_on_load(0));
  check("protection: data cannot be executed",
        faults(ExceptionClass::instruction_abort, return_from_call, probe_call, image::data().start()));
  check("protection: the kernel cannot execute the user's code",
        faults(ExceptionClass::instruction_abort, return_from_call, probe_call, image::user_text().start()));
  check("protection: an indirect call needs a landing pad where there is BTI",
        faults(ExceptionClass::branch_target, return_from_call, probe_call, no_landing_pad) ==
            cpu::has_branch_target_identification());
  check("protection: return addresses are signed where there is pointer authentication",
        is_return_address_signed() == cpu::has_pointer_authentication());
}

}  // namespace kernel::selftest
