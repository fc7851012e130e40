// SPDX-License-Identifier: MIT
//
// Every instruction of entry-ftrace.S, in order, each with the state in which it is about to be executed.
#pragma once

#include <cstdint>
#include <span>

#include "surefoot/special_ranges.hpp"

namespace surefoot::testing {

/// How far a trampoline has come, in the order of time: each adds to the one before. F is the traced function, P the
/// caller that it returns to. The ids are those of docs/hazards.md.
///
/// E5 and E9 are missing: both records are written before x29 changes, and one instruction restores x29 and x30.
enum class State : std::uint8_t {
  entered,                ///< E4: F in x30, P in x9, x29 and sp are P's
  frame_begun,            ///< E4: sp at the FtraceFrame
  fp_and_lr_saved,        ///< E4: fp and lr in it
  pc_saved,               ///< E4: pc in it
  caller_record_written,  ///< E4
  records_written,        ///< E4: the other record, too
  in_frame,               ///< E6: x29 at the function's record; x9 and x30 mean nothing any more
  in_stub,                ///< E6: called by ftrace_call, x30 leads back
  tracers_called,         ///< E8: what tracers do to the frame is done
  graph_tracer_called,    ///< E8: and what the graph tracer does
  x29_restored,           ///< E10: P in x30, F in the FtraceFrame
  way_back_in_x9,         ///< E11: P in x30, F in x9
  frame_given_back,       ///< E11: sp is P's

  handler_entered,         ///< R1: P on the return stack only, x29 and sp are P's
  handler_frame_begun,     ///< R1: sp at the ReturnFrame
  handler_hook_in_lr,      ///< R1: x30 = return_to_handler
  handler_record_written,  ///< R1: {x29, return_to_handler} in the ReturnFrame
  handler_in_frame,        ///< R2: x29 at that record; x30 means nothing any more
  handler_called,          ///< R4: P in x0
  handler_lr_loaded,       ///< R4: P in x30, x29 still at the record
  handler_fp_loaded,       ///< R5: x29 is P's
  handler_sp_given_back,   ///< R5: sp is P's
  handler_slot_invalid,    ///< R5: the return-stack entry has no address any more
  handler_popped,          ///< R5: and is gone. R3 has no instruction: x30 has held P all the while
};

/// One instruction, as Capstone writes it up to the end of an operand and without the target of a branch, and the state
/// before it.
struct Row {
  const char* instruction;
  State state;
};

/// The rows of one symbol, and the kind of the ranges that they are in.
struct RowsOfSymbol {
  const char* symbol;
  SpecialKind kind;
  std::span<const Row> rows;
};

/// All of them.
[[nodiscard]] std::span<const RowsOfSymbol> trampoline_rows();

}  // namespace surefoot::testing
