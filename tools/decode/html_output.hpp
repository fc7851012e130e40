// SPDX-License-Identifier: MIT
//
// A decoded log as one page that needs nothing else: no script, no file beside it. It is written line by line.
#pragma once

#include <string>
#include <string_view>

#include "decode/log_decoder.hpp"
#include "decode/note.hpp"

namespace surefoot::tools {

/// The page up to its first line. Names may hold anything.
[[nodiscard]] std::string html_head(std::string_view log, std::string_view image, std::string_view build_id);
[[nodiscard]] std::string html_of(const DecodedLine& line);
/// The end of the page, with how much was understood.
[[nodiscard]] std::string html_tail(const DecodeTotals& totals);

}  // namespace surefoot::tools
