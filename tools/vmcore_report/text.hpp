// SPDX-License-Identifier: MIT
//
// The traces of a dump as text, in the form that people know from crash and drgn.
#pragma once

#include <string>

#include "linux/trace.hpp"
#include "vmcore_report/summary.hpp"

namespace surefoot::tools {

/// How the text of a dump looks, and how much of it there is.
struct DumpLook {
  bool has_colour = false;
  bool is_summary = false;  ///< no traces, but more of what they have in common
};

/// The facts of the dump, its traces in the order of the report, and what they have in common. Nothing in the dump
/// leaves its line or leads a terminal.
[[nodiscard]] std::string text_of(const DumpReport& report, const Summary& summary, const DumpLook& look);

/// One task: its line, its frames and exceptions, notes and the verdict.
[[nodiscard]] std::string text_of(const TaskTrace& trace, bool has_colour);

}  // namespace surefoot::tools
