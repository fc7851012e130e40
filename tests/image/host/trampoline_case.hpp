// SPDX-License-Identifier: MIT
//
// What one walk is made for: a row, what tracing has done to the call so far, and from where the walk sees it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trampoline_rows.hpp"

namespace surefoot::testing {

/// The return address that F was called with. All but `plain` come from a caller that was hooked and made a tail call.
enum class Passed : std::uint8_t {
  plain,             ///< P
  handler,           ///< return_to_handler, in place of P
  handler_on_probe,  ///< return_to_handler, in place of a probe's hook, which is in place of P
  probe_on_handler,  ///< the other way round
};

enum class Redirect : std::uint8_t {
  none,
  both,     ///< by ftrace::redirect(), which changes pc and record
  pc_only,  ///< the saved pc alone
  lr_only,  ///< the saved lr alone, by which F would return elsewhere
};

/// What tracing has done to this call, as far as the trampoline has come.
struct History {
  Passed passed = Passed::plain;
  Redirect redirect = Redirect::none;
  bool is_probed = false;        ///< a tracer has hooked F by another mechanism
  bool is_graph_hooked = false;  ///< the graph tracer has, after that
  bool is_p_hooked = false;      ///< P's own return was hooked when it was called
};

/// Where the walk comes from.
enum class Seen : std::uint8_t {
  interrupted,                ///< it starts at the registers that the exception saved
  from_handler,               ///< it comes to them through an ExceptionFrame on the same stack
  from_handler_on_irq_stack,  ///< it comes through one on another stack
  from_callee,                ///< the instruction is a call, and the walk starts in what it calls
};

/// The entry for F while x30 holds P again. At each instruction of R5, a walk has to be right with all three.
enum class Entry : std::uint8_t { valid, invalid, popped };

struct Case {
  const char* symbol;
  SpecialKind kind;
  std::uint64_t offset;
  std::uint64_t pc;
  State state;  ///< of a callee: how far it has come, not the call
  History history;
  Seen seen = Seen::interrupted;
  Entry entry = Entry::valid;
  bool is_hook_written = true;  ///< false: the newest entry is pushed, and frame.lr is still what it was

  [[nodiscard]] bool is_in_handler() const { return state >= State::handler_entered; }
  /// x29 is at the function's record.
  [[nodiscard]] bool is_in_frame() const { return state >= State::in_frame && state <= State::graph_tracer_called; }
  [[nodiscard]] bool is_p_in_lr() const {
    return (state >= State::x29_restored && state <= State::frame_given_back) || state >= State::handler_fp_loaded;
  }
};

/// Every row with every history that can be at that instruction.
[[nodiscard]] const std::vector<Case>& all_cases();

/// For messages.
[[nodiscard]] std::string to_text(const Case& the_case);

}  // namespace surefoot::testing
