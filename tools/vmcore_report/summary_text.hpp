// SPDX-License-Identifier: MIT
//
// What the tasks of a dump have in common, in text.
#pragma once

#include <string>

#include "vmcore_report/summary.hpp"

namespace surefoot::tools {

/// The names of the evidence, parted.
[[nodiscard]] std::string names_of(Evidence evidence, const char* between);

/// How many traces are reliable, and what stands against the others, each with its sentence; with `is_whole` also
/// states, all ends, and the functions that most tasks wait in.
[[nodiscard]] std::string summary_text(const Summary& summary, bool has_colour, bool is_whole);

}  // namespace surefoot::tools
