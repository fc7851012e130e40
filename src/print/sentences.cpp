// SPDX-License-Identifier: MIT
//
// Stop reasons and evidence in words. docs/panic.md shows them as a table, which a test compares with these.
#include "surefoot/explain.hpp"

namespace surefoot {

const char* to_sentence(StopReason reason) noexcept {
  switch (reason) {  // No default: -Wswitch names the enumerator that was forgotten.
    case StopReason::final_record: return "the chain ends at the task's own final record";
    case StopReason::no_stack: return "the task has given its stack back, and returns to nothing";
    case StopReason::truncated: return "the walk was ended before the chain was";
    case StopReason::misaligned_record: return "a frame pointer is not a multiple of 8, so no frame record is there";
    case StopReason::off_stack: return "a frame pointer leads outside of every stack of the task";
    case StopReason::not_above_previous:
      return "a frame pointer does not lead up the stack: the chain is a loop, or was overwritten";
    case StopReason::stack_reentered: return "the chain came back to a stack that it had left, which is a loop";
    case StopReason::half_zero_record: return "one of the two words of a frame record is zero, so it was overwritten";
    case StopReason::unknown_metadata: return "a record of zeros has a type word that says neither final nor exception";
    case StopReason::metadata_off_stack:
      return "a record of zeros lies at the end of a stack, without room for its type";
    case StopReason::final_record_misplaced:
      return "a final record lies where the task has none: the stack is a wrong one, or the record was forged";
    case StopReason::exception_frame_off_stack:
      return "a record says that an exception frame surrounds it, and no such frame fits there";
    case StopReason::unreadable: return "memory inside a stack could not be read";
    case StopReason::task_running: return "the task was running when the walk began, so its stack was in use";
    case StopReason::task_moved: return "the task ran during the walk, so the frames may be of different moments";
    case StopReason::bad_task: return "the kernel describes the task's stacks wrongly: they overlap, or are too many";
  }
  return "the reason has no name here";
}

const char* to_sentence(EvidenceBit bit) noexcept {
  switch (bit) {  // No default: -Wswitch names the enumerator that was forgotten.
    case EvidenceBit::return_address_hooked:
      return "tracing had replaced a return address, and the true one was found on the return stack";
    case EvidenceBit::return_entry_in_flight:
      return "a tracer was just replacing a return address, or had just put it back";
    case EvidenceBit::changed_stack: return "the chain went from one stack to another";
    case EvidenceBit::crossed_exception:
      return "an exception interrupted the code, whose caller may be in a register only";
    case EvidenceBit::unknown_interrupted_code:
      return "no rule says how the interrupted code is left, so its caller may be missing";
    case EvidenceBit::in_special_range: return "an address is in exception entry, a trampoline or a veneer";
    case EvidenceBit::not_text: return "an address is not in the kernel's code, so it was overwritten or is no address";
    case EvidenceBit::return_address_unresolved:
      return "tracing replaced a return address, and no entry tells the true one";
    case EvidenceBit::return_entry_skipped:
      return "an entry of the return stack was passed over: its function is missing from the trace";
    case EvidenceBit::return_entry_out_of_order: return "the chain and the return stack disagree on the order of calls";
    case EvidenceBit::return_entry_left_over:
      return "entries of the return stack were left at the end: at least one function is missing";
    case EvidenceBit::return_stack_damaged: return "the return stack was overwritten: its depth is above its capacity";
    case EvidenceBit::saved_pc_differs: return "a trampoline will return to another place than its frame records say";
    case EvidenceBit::special_ranges_refused:
      return "a module's or the kernel's table of special code was refused, so no address there is known to be plain";
    case EvidenceBit::special_code_without_rule:
      return "a call was made from special code of which no rule tells the caller";
    case EvidenceBit::return_entry_invalid:
      return "an entry of the return stack is empty, and no exception explains it";
    case EvidenceBit::interrupted_el0:
      return "a record says that kernel code was interrupted, and the saved pstate says EL0";
    case EvidenceBit::call_site_disagrees:
      return "the instruction before a return address is no call, or calls another function";
    case EvidenceBit::frame_table_disagrees: return "a frame record is not where the frame table says";
    case EvidenceBit::shadow_call_stack_disagrees: return "the shadow call stack holds other return addresses";
  }
  return "the evidence has no name here";
}

}  // namespace surefoot
