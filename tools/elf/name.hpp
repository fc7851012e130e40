// SPDX-License-Identifier: MIT
//
// Names of functions as people read them.
#pragma once

#include <string>
#include <string_view>

namespace surefoot::tools {

/// The name in C++ of a symbol that stands for one, without its version; any other as it is. So is one that refers to
/// parts of itself so often that its name could be longer than memory: each reference may double it.
[[nodiscard]] std::string demangle(const std::string& symbol);

/// True if all of it is UTF-8 without the control characters above 127.
[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// The name with a question mark for each control character, and for each byte above 127 unless all of it is UTF-8: it
/// stays in its line, moves no cursor, and is valid in JSON.
[[nodiscard]] std::string printable_name(std::string_view name);

}  // namespace surefoot::tools
