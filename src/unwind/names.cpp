// SPDX-License-Identifier: MIT
//
// The names of what a walk reports. In an object file of its own: linked only where a name is asked for.
#include "surefoot/frame.hpp"
#include "surefoot/kernel.hpp"
#include "surefoot/stacks.hpp"
#include "surefoot/verdict.hpp"

namespace surefoot {

// In each switch: no default, so that -Wswitch names the enumerator that was forgotten. What follows it answers for
// a value that is no enumerator.

const char* to_string(EvidenceBit bit) noexcept {
  switch (bit) {
    case EvidenceBit::return_address_hooked: return "return_address_hooked";
    case EvidenceBit::return_entry_in_flight: return "return_entry_in_flight";
    case EvidenceBit::changed_stack: return "changed_stack";
    case EvidenceBit::crossed_exception: return "crossed_exception";
    case EvidenceBit::unknown_interrupted_code: return "unknown_interrupted_code";
    case EvidenceBit::in_special_range: return "in_special_range";
    case EvidenceBit::not_text: return "not_text";
    case EvidenceBit::return_address_unresolved: return "return_address_unresolved";
    case EvidenceBit::return_entry_skipped: return "return_entry_skipped";
    case EvidenceBit::return_entry_out_of_order: return "return_entry_out_of_order";
    case EvidenceBit::return_entry_left_over: return "return_entry_left_over";
    case EvidenceBit::return_stack_damaged: return "return_stack_damaged";
    case EvidenceBit::saved_pc_differs: return "saved_pc_differs";
    case EvidenceBit::special_ranges_refused: return "special_ranges_refused";
    case EvidenceBit::special_code_without_rule: return "special_code_without_rule";
    case EvidenceBit::return_entry_invalid: return "return_entry_invalid";
    case EvidenceBit::interrupted_el0: return "interrupted_el0";
    case EvidenceBit::call_site_disagrees: return "call_site_disagrees";
    case EvidenceBit::frame_table_disagrees: return "frame_table_disagrees";
    case EvidenceBit::shadow_call_stack_disagrees: return "shadow_call_stack_disagrees";
  }
  return "unknown";
}

const char* to_string(StopReason reason) noexcept {
  switch (reason) {
    case StopReason::final_record: return "final_record";
    case StopReason::no_stack: return "no_stack";
    case StopReason::truncated: return "truncated";
    case StopReason::misaligned_record: return "misaligned_record";
    case StopReason::off_stack: return "off_stack";
    case StopReason::not_above_previous: return "not_above_previous";
    case StopReason::stack_reentered: return "stack_reentered";
    case StopReason::half_zero_record: return "half_zero_record";
    case StopReason::unknown_metadata: return "unknown_metadata";
    case StopReason::metadata_off_stack: return "metadata_off_stack";
    case StopReason::final_record_misplaced: return "final_record_misplaced";
    case StopReason::exception_frame_off_stack: return "exception_frame_off_stack";
    case StopReason::unreadable: return "unreadable";
    case StopReason::task_running: return "task_running";
    case StopReason::task_moved: return "task_moved";
    case StopReason::bad_task: return "bad_task";
  }
  return "unknown";
}

const char* to_string(Reliability reliability) noexcept {
  return reliability == Reliability::reliable ? "reliable" : "unreliable";
}

const char* to_string(Policy policy) noexcept {
  switch (policy) {
    case Policy::strict: return "strict";
    case Policy::exact: return "exact";
  }
  return "unknown";
}

const char* to_string(Source source) noexcept {
  switch (source) {
    case Source::start: return "start";
    case Source::frame_record: return "frame_record";
    case Source::exception_frame: return "exception_frame";
    case Source::return_stack: return "return_stack";
    case Source::link_register: return "link_register";
    case Source::x9: return "x9";
    case Source::stack: return "stack";
    case Source::frame_table: return "frame_table";
  }
  return "unknown";
}

const char* to_string(CodeAddress::Kind kind) noexcept {
  switch (kind) {
    case CodeAddress::Kind::exact: return "exact";
    case CodeAddress::Kind::return_address: return "return_address";
  }
  return "unknown";
}

const char* to_string(StackKind kind) noexcept {
  switch (kind) {
    case StackKind::task: return "task";
    case StackKind::irq: return "irq";
    case StackKind::overflow: return "overflow";
    case StackKind::exception: return "exception";
    case StackKind::other: return "other";
  }
  return "unknown";
}

const char* to_string(RecordTyping typing) noexcept {
  switch (typing) {
    case RecordTyping::typed: return "typed";
    case RecordTyping::untyped: return "untyped";
  }
  return "unknown";
}

const char* to_string(StackSetFault fault) noexcept {
  switch (fault) {
    case StackSetFault::empty_stack: return "empty_stack";
    case StackSetFault::overlapping: return "overlapping";
    case StackSetFault::too_many_stacks: return "too_many_stacks";
  }
  return "unknown";
}

const char* to_string(KernelFault fault) noexcept {
  switch (fault) {
    case KernelFault::missing_code_map: return "missing_code_map";
    case KernelFault::bad_frame_size: return "bad_frame_size";
    case KernelFault::missing_register: return "missing_register";
    case KernelFault::misaligned_register: return "misaligned_register";
    case KernelFault::register_outside: return "register_outside";
    case KernelFault::overlapping_registers: return "overlapping_registers";
    case KernelFault::ambiguous_types: return "ambiguous_types";
  }
  return "unknown";
}

}  // namespace surefoot
