// SPDX-License-Identifier: MIT
#include "decode/clean.hpp"

#include <fmt/format.h>

#include "elf/name.hpp"

namespace surefoot::tools {
namespace {

constexpr char escape = '\x1b';

bool is_control(char character) { return static_cast<unsigned char>(character) < 0x20 || character == '\x7f'; }

// The bytes of the escape sequence at the front of the text: a control sequence, a control string, or two characters.
std::size_t escape_size(std::string_view text) {
  if (text.size() < 2) return text.size();
  std::size_t i = 2;
  if (text[1] == '[') {
    while (i < text.size() && text[i] >= 0x20 && text[i] < 0x40) ++i;  // parameters
    return i < text.size() && text[i] >= 0x40 && text[i] < 0x7f ? i + 1 : i;
  }
  if (text[1] != ']') return is_control(text[1]) ? 1 : 2;
  // A command for the system, as the title of a window: ended by BEL or by ESC \.
  while (i < text.size() && text[i] != '\a' && text[i] != escape) ++i;
  if (i < text.size() && text[i] == '\a') return i + 1;
  return i + 1 < text.size() && text[i + 1] == '\\' ? i + 2 : i;
}

// True of a control sequence that sets the looks of characters: kernels with a coloured console print many.
bool is_look(std::string_view sequence) { return sequence.starts_with("\x1b[") && sequence.ends_with('m'); }

}  // namespace

std::string clean_line(std::string_view bytes) {
  std::string clean;
  clean.reserve(bytes.size());
  while (!bytes.empty()) {
    const char first = bytes.front();
    if (first == escape) {
      bytes.remove_prefix(escape_size(bytes));
      continue;
    }
    if (first == '\t') {
      clean += ' ';
    } else if (!is_control(first)) {
      clean += first;
    }
    bytes.remove_prefix(1);
  }
  return clean;
}

std::string safe_for_terminal(std::string_view bytes) {
  std::string safe;
  safe.reserve(bytes.size());
  // The C1 controls are bytes above 127 unless they are part of a character.
  const bool is_text = is_valid_utf8(bytes);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char character = bytes[i];
    if (character == escape) {
      const std::string_view sequence = bytes.substr(i, escape_size(bytes.substr(i)));
      if (is_look(sequence)) {
        i += sequence.size() - 1;
        continue;
      }
    }
    const auto byte = static_cast<unsigned char>(character);
    const bool is_end = character == '\n' || (character == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n');
    if (character == '\t' || is_end || (!is_control(character) && (byte < 0x80 || is_text))) {
      safe += character;
    } else {
      safe += fmt::format("\\x{:02x}", byte);
    }
  }
  return safe;
}

}  // namespace surefoot::tools
