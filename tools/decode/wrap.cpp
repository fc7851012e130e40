// SPDX-License-Identifier: MIT
#include "decode/wrap.hpp"

#include <algorithm>

namespace surefoot::tools {
namespace {

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

}  // namespace

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

std::vector<std::string> wrap(std::string_view text, std::size_t width, std::string_view indent) {
  std::vector<std::string> lines;
  const std::size_t front = std::min(text.find_first_not_of(' '), text.size());
  std::string line(text.substr(0, front));
  text.remove_prefix(front);
  bool has_word = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (has_word && columns(line) + 1 + columns(word) > width) {
      lines.push_back(std::move(line));
      line = indent;
      has_word = false;
    }
    if (has_word) line += ' ';
    line += word;
    has_word = true;
  }
  if (has_word || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string cut_to(std::string_view text, std::size_t width) {
  std::size_t end = 0;
  for (std::size_t count = 0; end < text.size(); ++end) {
    if (begins_character(text[end]) && count++ == width) break;
  }
  return std::string(text.substr(0, end));
}

}  // namespace surefoot::tools
