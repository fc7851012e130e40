// SPDX-License-Identifier: MIT
//
// What the program's exit code says. `surefoot --help` lists them.
#pragma once

namespace surefoot::tools {

enum class ExitCode : int {
  ok = 0,
  findings = 1,   ///< an audit found something at or above --fail-on, or part of a dump is missing
  bad_input = 2,  ///< or a command line that makes no sense
  failed = 3,     ///< output could not be written, or memory ran out
};

inline constexpr const char* exit_codes_text =
    "Exit codes:\n"
    "  0  done; an audit found nothing at or above --fail-on\n"
    "  1  an audit found something at or above --fail-on; of a dump something is missing or damaged\n"
    "  2  the image, the log, the dump or the command line cannot be used; one line on standard error says why\n"
    "  3  the output could not be written, or memory ran out\n";

}  // namespace surefoot::tools
