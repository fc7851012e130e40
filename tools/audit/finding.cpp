// SPDX-License-Identifier: MIT
#include "audit/finding.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace surefoot::tools {
namespace {

constexpr const char* refused_table = "A kernel that checks the table refuses it, and then every trace is unreliable.";

constexpr std::array<KindInfo, finding_kind_count> kinds{{
    {"no_frame_pointers", Level::error,
     "Most functions that call others have no frame record then, so every walk leaves out their callers. What is said "
     "of each call is a note here.",
     "Compile it with -fno-omit-frame-pointer; in Rust, with -C force-frame-pointers."},
    {"call_before_record", Level::error,
     "x29 is still the caller's at this call, so a walk that starts in the callee leaves out this function's caller.",
     "Make the frame record before the first call: stp x29, x30, then mov x29, sp."},
    {"function_without_record", Level::error,
     "It calls others and never makes a frame record, so every walk from what it calls leaves out its caller.",
     "Compile it with -fno-omit-frame-pointer, or let the assembly make a record, or declare it a special range."},
    {"wrong_record_order", Level::error,
     "x29 does not point at {caller's x29, return address} at this call, so a walk takes one for the other or both "
     "for something else.",
     "Store the pair as stp x29, x30, lower address first, and point x29 at it."},
    {"return_address_without_call", Level::error,
     "The return address follows no call, and a walk looks up the instruction before it: it may name another function.",
     "Call by bl or blr; or put a nop in front of the label, in the same function; or declare a special range."},
    {"special_ranges_missing", Level::error,
     "There is code that a frame record does not describe, and no table tells a walk of it: its traces look complete.",
     "Declare it by .special_range where it is, and place the table with surefoot-ranges.ld.inc (docs/porting.md)."},
    {"special_ranges_not_whole", Level::error, refused_table,
     "Place the section .surefoot.ranges, and nothing else, between __surefoot_ranges_start and _end, in the file."},
    {"special_ranges_empty_range", Level::error, refused_table,
     "Give the range an end above its start: the labels may be the wrong way round."},
    {"special_ranges_misaligned", Level::error, refused_table, "Bound the range by labels of instructions."},
    {"special_ranges_unsorted", Level::error, refused_table,
     "Declare ranges of one section in ascending order, and keep SHF_LINK_ORDER (\"ao\") on the entries."},
    {"special_ranges_overlapping", Level::error, refused_table, "Let every instruction be in one range only."},
    {"special_ranges_unknown_kind", Level::error, refused_table,
     "Use a kind of layout.h; an entry of zeros is padding that the linker script put into the table."},
    {"special_ranges_unknown_rule", Level::error, refused_table, "Use a rule that .special_range accepts."},
    {"special_ranges_nonzero_reserved", Level::error, refused_table,
     "Build all of the image with one version of surefoot/asm.h."},
    {"exception_vectors_not_special", Level::error,
     "An exception enters this code, so nobody called it: what a walk takes for its caller is not one.",
     "Declare the vectors, and the entry code behind them, a special range of kind exception_entry."},
    {"trampoline_not_special", Level::error,
     "A trampoline hides who called the traced function, and a walk through it looks complete.",
     "Declare it by .special_range; surefoot::ftrace's own trampolines are declared already."},
    {"exception_return_not_special", Level::error,
     "Code that ends in eret holds the registers of two contexts, and x30 need not be a return address there.",
     "Declare it a special range of kind exception_entry, or of kind other if it runs only while the system starts."},
    {"frame_table_refused", Level::error,
     "The reader refuses the section, and every trace through an exception in ordinary code is unreliable.",
     "Make the table for this image: surefoot_add_frame_table(), or surefoot frames."},
    {"frame_table_wrong", Level::error,
     "The frame table places the caller elsewhere than the instructions do: a trace through an exception there is "
     "wrong.",
     "Make the table anew, for this very image; the program must not be changed or linked again after it."},
    {"calls_table_refused", Level::error,
     "A kernel that checks the table of calls without a record refuses it, and then every trace is unreliable.",
     "Place the section .surefoot.calls, and nothing else, between __surefoot_calls_start and _end, in the file."},
    {"calls_table_wrong", Level::error,
     "A walk believes calls that the table leaves out, and doubts calls that it should not have.",
     "Make the table anew, for this very image: surefoot_add_frame_table(), or surefoot frames --calls."},
    {"frame_table_incomplete", Level::warning,
     "A trace through an exception at these instructions is unreliable, and need not be.",
     "Make the table anew, for this very image: surefoot_add_frame_table(), or surefoot frames."},
    {"call_not_judged", Level::warning,
     "Whether these calls have a frame record is not known: no path that could be followed leads there, or one that "
     "may "
     "have overwritten it.",
     "See that the function makes its record first; if nothing leads there at all, remove the code."},
    {"ways_not_understood", Level::warning,
     "A table that says where instructions may lead otherwise than they show is not as it should be: what is derived "
     "of such code leaves these ways out.",
     "Build the image anew, or tell of a new form of the table."},
    {"outlined_code", Level::warning,
     "The compiler's outliner has moved a part of the function elsewhere, and calls it before the record is made: "
     "under "
     "the strict policy a walk from there leaves out this function's caller, if no table tells of the call.",
     "Link in the table of calls without a record: surefoot_add_frame_table(); or compile with -mno-outline."},
    {"special_range_outside_code", Level::warning,
     "The range covers no code of the image: the code that it was meant for is not covered.",
     "Bound the range by labels of its code."},
    {"symbol_without_size", Level::warning,
     "Where the function ends is a guess, so that rules and names may be those of what lies behind it.",
     "End it with .size (in assembly: .end_function of surefoot/asm.h)."},
    {"code_outside_symbols", Level::warning,
     "No function covers this code: it has no rule, no name in a trace, and nobody has checked its calls.",
     "Give it a symbol with type and size (.function and .end_function of surefoot/asm.h)."},
    {"share_of_instructions_with_rule", Level::note,
     "Under the exact policy a trace through an exception is reliable only where the interrupted instruction has a "
     "rule.",
     "See instructions_without_rule for what is missing."},
    {"instructions_without_rule", Level::note, "A trace through an exception at these instructions is unreliable.",
     "If it matters: keep to prologues and epilogues as compilers write them, or give the code a special range with a "
     "rule."},
    {"unknown_encodings", Level::note,
     "Nobody has given a meaning to these instructions: what is behind them has no rule.",
     "Nothing, if they are data; else see what the CPU makes of them."},
    {"ends_in_noreturn_call", Level::note,
     "The return address of its last call is the start of what follows: Surefoot looks up the call itself, other tools "
     "may name the next function.",
     "Nothing, or put a brk after the call."},
    {"noreturn_call_without_record", Level::note,
     "Nothing returns from these calls, but a walk may start behind them, as that of a panic does: it leaves out this "
     "function's caller, if no table tells of the call.",
     "Link in the table of calls without a record: surefoot_add_frame_table(); or make the record first."},
    {"outermost_function", Level::note,
     "Its CFI says that it has no caller, and so its calls are not asked for a record: x29 has to lead to the final "
     "record instead.",
     "See that x29 points at the task's final record before the calls."},
    {"known_call_without_record", Level::note,
     "The image's table tells a walk that these calls have no frame record: a trace through one does not look "
     "complete.",
     "To have such traces reliable, make the record first: stp x29, x30, then mov x29, sp."},
    {"code_of_the_linker", Level::note,
     "The linker made it, so it has no rule: a trace through an exception there is unreliable.",
     "Nothing; or declare its section a special range of kind veneer."},
    {"folded_functions", Level::note,
     "Functions that do the same have become one piece of code: a trace names one of them, whichever was called.",
     "Compile it with -fno-ipa-icf (GCC), and link without --icf; nothing, if the names are meant for one function."},
    {"frame_table_missing", Level::note,
     "The image has no frame table, so a trace through an exception in ordinary code is unreliable.",
     "Link one in: surefoot_add_frame_table()."},
}};

}  // namespace

const KindInfo& info(FindingKind kind) { return kinds[static_cast<std::size_t>(kind)]; }

Finding make_finding(FindingKind kind, std::uint64_t address, std::string detail) {
  Finding finding;
  finding.kind = kind;
  finding.level = info(kind).level;
  finding.address = address;
  finding.detail = std::move(detail);
  return finding;
}

void sort_findings(std::vector<Finding>& findings) {
  std::ranges::sort(findings, [](const Finding& a, const Finding& b) {
    return std::tie(b.level, a.kind, b.weight, a.address, a.detail) <
           std::tie(a.level, b.kind, a.weight, b.address, b.detail);
  });
}

const char* to_string(Level level) {
  switch (level) {
    case Level::note: return "note";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "error";
}

}  // namespace surefoot::tools
