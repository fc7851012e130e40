// SPDX-License-Identifier: MIT
//
// A decoded log as text: each line as it was, and below it, behind a bar, what it means.
#pragma once

#include <cstddef>
#include <string>

#include "decode/note.hpp"

namespace surefoot::tools {

struct TextLook {
  bool has_colour = false;
  bool is_for_terminal = false;  ///< control characters of the log are spelled out
  std::size_t width = 100;       ///< sentences are wrapped there
};

/// "net/core.c:12:5", with as much of it as is known.
[[nodiscard]] std::string place_text(const CodePlace& place);

/// The text of a line and of its notes, each with its end of line.
[[nodiscard]] std::string text_of(const DecodedLine& line, const TextLook& look);

}  // namespace surefoot::tools
