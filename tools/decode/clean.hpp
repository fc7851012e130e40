// SPDX-License-Identifier: MIT
//
// A line of a log as a person saw it on the console.
#pragma once

#include <string>
#include <string_view>

namespace surefoot::tools {

/// The line without its end, escape sequences [ecma-48 §5.4] and control characters; a tab becomes a blank. Bytes above
/// 127 stay as they are.
[[nodiscard]] std::string clean_line(std::string_view bytes);

/// The same bytes with control characters, but for tabs and the end of the line, spelled as \x1b is: nothing in them
/// leads a terminal. Colours and other looks of characters [ecma-48 §8.3.117] are left out.
[[nodiscard]] std::string safe_for_terminal(std::string_view bytes);

}  // namespace surefoot::tools
