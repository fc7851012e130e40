// SPDX-License-Identifier: MIT
//
// A task that goes to EL0 and comes back by SVC.
#include <cstdint>

#include "arch/exceptions.hpp"
#include "arch/interrupt_mask.hpp"
#include "arch/interrupts.hpp"
#include "memory/linker_symbols.hpp"
#include "memory/stacks.hpp"
#include "platform/check.hpp"
#include "sched/scheduler.hpp"
#include "user/system_calls.h"
#include "user/user_program.hpp"

namespace kernel::selftest {
namespace {

constinit std::uint32_t hello_count = 0;
constinit bool frames_are_right = true;

bool has_final_record() noexcept {
  // SAFETY: inside the task's stack.
  const auto& record = *reinterpret_cast<const surefoot::MetadataRecord*>(sched::current().final_record_at());
  return record.zeros.fp == 0 && record.zeros.lr == 0 &&
         (!has_typed_records || record.type == surefoot::MetadataType::final_record);
}

void serve(ExceptionFrame& frame) noexcept {
  frames_are_right = frames_are_right && frame.is_from_el0() && image::user_text().contains(frame.pc, 4) &&
                     image::user_stack().contains(frame.sp, 16) && &frame == &final_frame(sched::current().stack()) &&
                     has_final_record();
  switch (exception_comment(read_syndrome().esr)) {
    case SYSTEM_CALL_HELLO: ++hello_count; return;
    case SYSTEM_CALL_EXIT: break;
    default: frames_are_right = false;
  }
  sched::retire_interrupted_task(frame);
}

constinit std::uint32_t interrupt_count = 0;

void note_interrupt(ExceptionFrame& frame) noexcept {
  ++interrupt_count;
  frames_are_right = frames_are_right && frame.is_from_el0() && frame.pc == user_program_at();
  sched::request_preemption();
}

// With an interrupt pending that EL0 lets in before its first instruction.
void go_to_user(std::uint64_t) noexcept {
  mask_interrupts();
  interrupts::raise_software_interrupt();
  sched::enter_user(user_program_at());
}

}  // namespace

void check_user() noexcept {
  const ExceptionHook before = set_exception_hook(ExceptionClass::svc, serve);
  interrupts::set_handler(interrupts::software_id, note_interrupt);
  sched::join(*sched::create("user", go_to_user));
  set_exception_hook(ExceptionClass::svc, before);
  check("user: EL0 calls the kernel and is resumed", hello_count == 1);
  check("user: EL0 can be interrupted", interrupt_count == 1);
  check("user: a task at EL0 can be retired", sched::at(1).state == TaskState::unused);
  check("user: its exception frame leaves the task's final record where it was", frames_are_right);
}

}  // namespace kernel::selftest
