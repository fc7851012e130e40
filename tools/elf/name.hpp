// SPDX-License-Identifier: MIT
//
// Names of functions as people read them.
#pragma once

#include <string>
#include <string_view>

namespace surefoot::tools {

/// The name in C++ of a symbol that stands for one, without its version; any other as it is.
[[nodiscard]] std::string demangle(const std::string& symbol);

/// Without control characters, which could lead a terminal.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace surefoot::tools
