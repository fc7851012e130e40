// SPDX-License-Identifier: MIT
//
// The traces of a dump as one JSON object, for other programs. docs/linux-dumps.md says what is in it.
#pragma once

#include <string>

#include "linux/trace.hpp"
#include "vmcore_report/summary.hpp"

namespace surefoot::tools {

/// One object, with a task a line. Addresses are strings, as readers of JSON round large numbers; bytes of names that
/// are no UTF-8 become U+FFFD.
[[nodiscard]] std::string json_of(const DumpReport& report, const Summary& summary);

}  // namespace surefoot::tools
