// SPDX-License-Identifier: MIT
#include "decode/reasons.hpp"

namespace surefoot::tools {
namespace {

constexpr const char* advice_of_damage =
    "Look at the memory around this address: an overflow of a buffer on the stack, a use after return, or a stray "
    "write "
    "overwrote it.";

constexpr const char* advice_use_exact =
    "Judge by the policy exact: it accepts this where a rule leads to the caller for certain.";

constexpr const char* advice_of_tracer =
    "Let the tracer push and pop by surefoot's ReturnStack in the order of its contract, and tell longjmp and other "
    "exits that skip functions by ReturnStack::drop().";

const char* or_exact(Policy policy, const char* otherwise) {
  return policy == Policy::strict ? advice_use_exact : otherwise;
}

}  // namespace

Explanation explain(StopReason reason) {
  switch (reason) {  // No default: -Wswitch names the enumerator that was forgotten.
    case StopReason::final_record:
      return {"The walk came to the task's own final record: the chain is complete.",
              "The end is in order. If the verdict is unreliable, the evidence says why."};
    case StopReason::no_stack:
      return {"The task has no stack any more, so it returns to nothing.", "Nothing: the task has ended."};
    case StopReason::truncated:
      return {"The buffer was full, or the caller stopped the walk, before the chain ended.",
              "Give the walk a larger buffer of frames. If the trace repeats itself, look for an endless recursion."};
    case StopReason::misaligned_record:
      return {"A frame pointer is not a multiple of 8, so it does not point at a frame record.",
              "Find the code that uses x29 for something else (build it with -fno-omit-frame-pointer; surefoot audit "
              "finds such functions), or look for a stray write to the stack."};
    case StopReason::off_stack:
      return {"A frame record lies outside of all stacks that the task was described with.",
              "If the address is a stack, name that stack in the task or its CPU (docs/porting.md, Stacks). If not, "
              "the saved frame pointer was overwritten: look at the last frames' buffers."};
    case StopReason::not_above_previous:
      return {"A frame record is not above the one before it: the chain loops, or the frame pointer is garbage.",
              advice_of_damage};
    case StopReason::stack_reentered:
      return {"The chain went back to a stack that it had already left: a loop.",
              "Look at how the stacks are switched: the record that was pushed at the switch points to the wrong "
              "stack, or it was overwritten."};
    case StopReason::half_zero_record:
      return {"A frame record has a zero in one of its two words.",
              "Let the start of a task write a final record (docs/porting.md, Final records). If it does, the record "
              "was overwritten."};
    case StopReason::unknown_metadata:
      return {
          "A record of two zeros has a type that is neither final nor exception.",
          "Tell the type words that the kernel writes in its ExceptionLayout, or look for what overwrote the type."};
    case StopReason::metadata_off_stack:
      return {"A record of zeros lies so near to the end of its stack that its type would be outside.",
              "Leave room for the whole final record at the top of the stack (docs/porting.md, Final records)."};
    case StopReason::final_record_misplaced:
      return {"A final record was found at another place than the task's own.",
              "Tell the task the place of its final record. If it is right, the walk is on the stack of another task."};
    case StopReason::exception_frame_off_stack:
      return {"A record says that an exception frame surrounds it, but the frame does not fit into the stack there.",
              "Compare the kernel's ExceptionLayout with what its exception entry saves, and the stack's bounds with "
              "the linker script."};
    case StopReason::unreadable:
      return {
          "The memory refused an address that is inside one of the task's stacks.",
          "Check that the stack is mapped and still the task's: it may have been freed, or have a guard page inside "
          "the bounds that the task tells."};
    case StopReason::task_running:
      return {"The task was running when the walk began, so its stack changes while it is read.",
              "Stop the task's CPU first, or let that CPU walk its own stack, as the panic and the profiler do."};
    case StopReason::task_moved:
      return {"The task ran while it was walked: the frames may belong to different moments.",
              "Walk it again, or keep it from running during the walk."};
    case StopReason::bad_task:
      return {"The description of the task cannot be used: too many stacks or return stacks, or two stacks overlap.",
              "Correct the task's stacks; check_port() names the one that is wrong."};
  }
  return {"The reason is unknown to this program.", "Use the program of the library's version."};
}

Explanation explain(EvidenceBit bit, Policy policy) {
  using Bit = EvidenceBit;
  switch (bit) {  // No default: -Wswitch names the enumerator that was forgotten.
    case Bit::return_address_hooked:
      return {"Tracing had rewritten this return address; the return stack told the true one.", "Nothing: it is safe."};
    case Bit::return_entry_in_flight:
      return {"A tracer is just about to rewrite this return address, or has just put it back.",
              or_exact(policy, "Nothing: it is safe under the policy exact.")};
    case Bit::changed_stack: return {"The chain went from one stack to another here.", "Nothing: it is safe."};
    case Bit::crossed_exception:
      return {"An exception interrupted the code here, and its caller may be in a register only.",
              or_exact(policy, "Nothing: it is safe under the policy exact.")};
    case Bit::unknown_interrupted_code:
      return {
          "No rule tells the caller of the interrupted code, so its frame record was followed: the caller may be "
          "missing just below.",
          "Link a frame table for the interrupted code: surefoot frames makes one (docs/frame-table.md). If it has "
          "one, surefoot audit --level note says which instructions have no rule."};
    case Bit::in_special_range:
      return {"This address lies in special code: exception entry, a trampoline or a veneer.",
              or_exact(policy, "Nothing: it is safe under the policy exact.")};
    case Bit::not_text:
      return {"This address is in no code that the walk was told about, or is no multiple of 4.",
              "If it is code (a module, generated code, code of the boot that was freed), make it a region of the code "
              "map (docs/modules.md). If not, the return address was overwritten."};
    case Bit::return_address_unresolved:
      return {"This return address is a tracer's hook, and no entry of a return stack tells the true one.",
              "Give the task the return stack of that tracer. If it has it, an entry was lost: see the tracer."};
    case Bit::return_entry_skipped:
      return {"An entry of the return stack was passed over: the function that it belongs to is missing here.",
              advice_of_tracer};
    case Bit::return_entry_out_of_order:
      return {"The chain of frame records and the return stack disagree on the order.", advice_of_tracer};
    case Bit::return_entry_left_over:
      return {"Entries of the return stack were left at the end: at least one function is missing from the trace.",
              advice_of_tracer};
    case Bit::return_stack_damaged:
      return {"The depth of the return stack is larger than its capacity, so it was overwritten and was not used.",
              "Look for what writes to the return stack's memory."};
    case Bit::saved_pc_differs:
      return {"The registers by which a trampoline will return and its frame records disagree: a tracer changed them.",
              "Wait until the callback has returned, or change pc, lr and fp together. A live patch by redirection is "
              "judged once the trampoline is left."};
    case Bit::special_ranges_refused:
      return {"The table of special code of this region is missing or not valid, so any address in it may be special.",
              "Make the table (SpecialRanges::make) and look at the error that it returns, or say "
              "SpecialRanges::none() if the region has no special code. surefoot audit IMAGE finds what is wrong."};
    case Bit::special_code_without_rule:
      return {"This return address lies in special code for which no rule tells the caller.",
              "Give the range a rule where it is declared (docs/porting.md), or make no calls from there."};
    case Bit::return_entry_invalid:
      return {"A slot below the return stack's depth is empty, and no exception explains it.",
              "Fill an entry before it is published. Another CPU may be writing to the same return stack."};
    case Bit::interrupted_el0:
      return {"A record says that kernel code was interrupted, but the saved pstate is that of EL0.",
              "Write an exception record for exceptions out of the kernel only; entry from EL0 writes a final record."};
    case Bit::call_site_disagrees:
      return {"No call stands before this return address, or the call leads to another function than the one above.",
              "If the code calls through a veneer or a patched branch, tell it to the code map. If not, the return "
              "address was overwritten, or the function above made a tail call."};
    case Bit::frame_table_disagrees:
      return {"The frame record is not where the frame table says that the caller's is, or the table has no row here.",
              "Make the frame table again from the image that runs (surefoot frames). If it is right, a frame pointer "
              "was overwritten."};
    case Bit::shadow_call_stack_disagrees:
      return {"The shadow call stack and the frame records hold different return addresses.",
              "One of the two was overwritten: compare both with the calls in the code."};
  }
  return {"The evidence is unknown to this program.", "Use the program of the library's version."};
}

}  // namespace surefoot::tools
