// SPDX-License-Identifier: MIT
//
// Text in so many columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace surefoot::tools {

/// Columns that UTF-8 takes, if each character takes one.
[[nodiscard]] std::size_t columns(std::string_view text);

/// The text in lines of at most so many columns, parted at blanks; a longer word stands alone. Lines behind the first
/// begin with `indent`. Blanks at the front of the text stay.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width, std::string_view indent);

/// The first columns of the text, between characters.
[[nodiscard]] std::string cut_to(std::string_view text, std::size_t width);

}  // namespace surefoot::tools
