// SPDX-License-Identifier: MIT
//
// What consoles and log daemons write before a kernel's line.
#pragma once

#include <cstddef>
#include <string_view>

namespace surefoot::tools {

struct Prefix {
  std::size_t size = 0;      ///< of all prefixes together; blanks that indent the line itself are not part of it
  std::string_view speaker;  ///< who printed the line, as in "CPU0", "T123"; empty if the prefix does not say
};

/// Takes off: `<4>`; `[   12.345678]`, with `[ T12]` or `[ C1]` behind it; other times in brackets, as dmesg -T and -d
/// write them; `12:34:56.789`; the times of syslog and journalctl, with `HOST kernel: `; `kern  :warn  :`;
/// `(CPU0)` and `[CPU0]`; Zephyr's `<err> os: ` and `E: `.
[[nodiscard]] Prefix find_prefix(std::string_view line);

}  // namespace surefoot::tools
