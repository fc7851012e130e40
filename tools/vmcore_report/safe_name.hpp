// SPDX-License-Identifier: MIT
//
// Names out of a dump, which may hold anything, as text that stays in its line and its place.
#pragma once

#include <string>
#include <string_view>

namespace surefoot::tools {

/// The name as the library prints names: control characters, bytes above 127, and what could be taken for another
/// column or a mark of doubt are spelled as \x1b is.
[[nodiscard]] std::string safe_name(std::string_view name);

/// The same between quotes: quotes and backslashes in it are spelled too.
[[nodiscard]] std::string quoted_name(std::string_view name);

}  // namespace surefoot::tools
