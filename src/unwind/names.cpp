// SPDX-License-Identifier: MIT
//
// The names of what a walk reports. In an object file of its own: linked only where a name is asked for.
#include "surefoot/frame.hpp"
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
    case StopReason::bad_context: return "bad_context";
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

}  // namespace surefoot
