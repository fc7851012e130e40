// SPDX-License-Identifier: MIT
//
// Every instruction of entry-ftrace.S, in order, each with the state in which it is about to be executed.
#pragma once

#include <cstdint>
#include <span>

namespace surefoot::testing {

/// Where P, the caller of the traced function F, and F itself are. The ids are those of docs/hazards.md.
enum class State : std::uint8_t {
  before_frame,      ///< E4: F in x30, P in x9, x29 is P's
  in_frame,          ///< E6, E8: x29 at the function's record in the FtraceFrame
  x29_restored,      ///< E10: P in x30, F in the FtraceFrame. E5 and E9 have no instruction here
  way_back_in_x9,    ///< E11: P in x30, F in x9
  handler_entered,   ///< R1: P on the return stack only
  handler_in_frame,  ///< R2, R4: x29 at the record that holds the hook
  handler_has_lr,    ///< R5: P in x30, its entry there or just popped
  stub,              ///< called from ftrace_call, which is in_frame
};

/// One instruction: the mnemonic by which Capstone knows it, and the state before it.
struct Row {
  const char* mnemonic;
  State state;
};

/// The rows of one symbol.
struct RowsOfSymbol {
  const char* symbol;
  std::span<const Row> rows;
};

/// All of them.
[[nodiscard]] std::span<const RowsOfSymbol> trampoline_rows();

}  // namespace surefoot::testing
