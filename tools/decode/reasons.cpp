// SPDX-License-Identifier: MIT
#include "decode/reasons.hpp"

#include "surefoot/explain.hpp"

namespace surefoot::tools {
namespace {

constexpr const char* advice_of_damage =
    "Look at the memory around this address: an overflow of a buffer on the stack, a use after return, or a stray "
    "write overwrote it.";

constexpr const char* advice_use_exact =
    "Judge by the policy exact: it accepts this where a rule leads to the caller for certain.";

constexpr const char* advice_of_tracer =
    "Let the tracer push and pop by surefoot's ReturnStack in the order of its contract, and tell longjmp and other "
    "exits that skip functions by ReturnStack::drop().";

const char* or_exact(Policy policy, const char* otherwise) {
  return policy == Policy::strict ? advice_use_exact : otherwise;
}

// The library's clause as a sentence.
std::string sentence(std::string clause) {
  if (clause.front() >= 'a' && clause.front() <= 'z') clause.front() = static_cast<char>(clause.front() - 'a' + 'A');
  return clause + ".";
}

const char* advice_on(StopReason reason) {
  switch (reason) {  // No default: -Wswitch names the enumerator that was forgotten.
    case StopReason::final_record: return "The end is in order. If the verdict is unreliable, the evidence says why.";
    case StopReason::no_stack: return "Nothing: the task has ended.";
    case StopReason::truncated:
      return "Give the walk a larger buffer of frames. If the trace repeats itself, look for an endless recursion.";
    case StopReason::misaligned_record:
      return "Find the code that uses x29 for something else (build it with -fno-omit-frame-pointer; surefoot audit "
             "finds such functions), or look for a stray write to the stack.";
    case StopReason::off_stack:
      return "If the address is a stack, name that stack in the task or its CPU (docs/porting.md, Stacks). If not, "
             "the saved frame pointer was overwritten: look at the last frames' buffers.";
    case StopReason::not_above_previous: return advice_of_damage;
    case StopReason::stack_reentered:
      return "Look at how the stacks are switched: the record that was pushed at the switch points to the wrong "
             "stack, or it was overwritten.";
    case StopReason::half_zero_record:
      return "Let the start of a task write a final record (docs/porting.md, Final records). If it does, the record "
             "was overwritten.";
    case StopReason::unknown_metadata:
      return "Tell the type words that the kernel writes in its ExceptionLayout, or look for what overwrote the type.";
    case StopReason::metadata_off_stack:
      return "Leave room for the whole final record at the top of the stack (docs/porting.md, Final records).";
    case StopReason::final_record_misplaced:
      return "Tell the task the place of its final record. If it is right, the walk is on the stack of another task.";
    case StopReason::exception_frame_off_stack:
      return "Compare the kernel's ExceptionLayout with what its exception entry saves, and the stack's bounds with "
             "the linker script.";
    case StopReason::unreadable:
      return "Check that the stack is mapped and still the task's: it may have been freed, or have a guard page inside "
             "the bounds that the task tells.";
    case StopReason::task_running:
      return "Stop the task's CPU first, or let that CPU walk its own stack, as the panic and the profiler do.";
    case StopReason::task_moved: return "Walk it again, or keep it from running during the walk.";
    case StopReason::bad_task: return "Correct the task's stacks; check_port() names the one that is wrong.";
  }
  return "Use the program of the library's version.";
}

const char* advice_on(EvidenceBit bit, Policy policy) {
  using Bit = EvidenceBit;
  switch (bit) {  // No default: -Wswitch names the enumerator that was forgotten.
    case Bit::return_address_hooked: return "Nothing: it is safe.";
    case Bit::return_entry_in_flight: return or_exact(policy, "Nothing: it is safe under the policy exact.");
    case Bit::changed_stack: return "Nothing: it is safe.";
    case Bit::crossed_exception: return or_exact(policy, "Nothing: it is safe under the policy exact.");
    case Bit::unknown_interrupted_code:
      return "Link a frame table for the interrupted code: surefoot frames makes one (docs/frame-table.md). If it has "
             "one, surefoot audit --level note says which instructions have no rule.";
    case Bit::in_special_range: return or_exact(policy, "Nothing: it is safe under the policy exact.");
    case Bit::not_text:
      return "If it is code (a module, generated code, code of the boot that was freed), make it a region of the code "
             "map (docs/modules.md). If not, the return address was overwritten.";
    case Bit::return_address_unresolved:
      return "Give the task the return stack of that tracer. If it has it, an entry was lost: see the tracer.";
    case Bit::return_entry_skipped: return advice_of_tracer;
    case Bit::return_entry_out_of_order: return advice_of_tracer;
    case Bit::return_entry_left_over: return advice_of_tracer;
    case Bit::return_stack_damaged: return "Look for what writes to the return stack's memory.";
    case Bit::saved_pc_differs:
      return "Wait until the callback has returned, or change pc, lr and fp together. A live patch by redirection is "
             "judged once the trampoline is left.";
    case Bit::special_ranges_refused:
      return "Make the table (SpecialRanges::make) and look at the error that it returns, or say "
             "SpecialRanges::none() if the region has no special code. surefoot audit IMAGE finds what is wrong.";
    case Bit::special_code_without_rule:
      return "Give the range a rule where it is declared (docs/porting.md), or make no calls from there.";
    case Bit::return_entry_invalid:
      return "Fill an entry before it is published. Another CPU may be writing to the same return stack.";
    case Bit::interrupted_el0:
      return "Write an exception record for exceptions out of the kernel only; entry from EL0 writes a final record.";
    case Bit::call_site_disagrees:
      return "If the code calls through a veneer or a patched branch, tell it to the code map. If not, the return "
             "address was overwritten, or the function above made a tail call.";
    case Bit::frame_table_disagrees:
      return "Make the frame table again from the image that runs (surefoot frames). If it is right, a frame pointer "
             "was overwritten.";
    case Bit::shadow_call_stack_disagrees:
      return "One of the two was overwritten: compare both with the calls in the code.";
  }
  return "Use the program of the library's version.";
}

}  // namespace

Explanation explain(StopReason reason) { return {sentence(to_sentence(reason)), advice_on(reason)}; }

Explanation explain(EvidenceBit bit, Policy policy) { return {sentence(to_sentence(bit)), advice_on(bit, policy)}; }

}  // namespace surefoot::tools
