// SPDX-License-Identifier: MIT
//
// What decoding adds to a line of a log, for the outputs to show.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "decode/debug_info.hpp"
#include "decode/source_text.hpp"

namespace surefoot::tools {

/// A function at an address: printable, and with its source if that was asked for.
struct FunctionNote {
  CodePlace place;
  std::vector<SourceLine> source;
};

/// A word of a `Code:` line.
struct InstructionNote {
  std::optional<std::uint64_t> address;  ///< as the log has it; none if the log does not tell the pc
  std::optional<std::uint32_t> word;     ///< none if the kernel could not read it
  std::string text;
  bool is_at_pc = false;
  std::string image_text;  ///< what the image has there, if that is another word
};

/// A name of a verdict, explained.
struct ReasonNote {
  std::string name;
  std::string meaning;
  std::string advice;
};

/// Anything else that a reader should know.
struct RemarkNote {
  std::string text;
  bool is_warning = false;
};

using Note = std::variant<FunctionNote, InstructionNote, ReasonNote, RemarkNote>;

/// What a line is, for its looks.
enum class LineLook : std::uint8_t { other, heading, frame, doubtful_frame, trusted, untrusted, address, code };

struct DecodedLine {
  std::string_view bytes;  ///< the line as it was, with its end; empty if there are only notes. Valid during the call
  LineLook look = LineLook::other;
  std::vector<Note> notes;
};

}  // namespace surefoot::tools
