// SPDX-License-Identifier: MIT
//
// Names out of files that may be anything, for people and for JSON.
#pragma once

#include <string>
#include <string_view>

namespace surefoot::tools {

/// The name with a question mark for each control character, and for each byte above 127 unless all of it is UTF-8: it
/// stays in its line, moves no cursor, and is valid in JSON.
[[nodiscard]] std::string printable_name(std::string_view name);

}  // namespace surefoot::tools
