// SPDX-License-Identifier: MIT
#include "decode/log_line.hpp"

#include <span>

#include "decode/cursor.hpp"
#include "decode/prefix.hpp"

namespace surefoot::tools {
namespace {

// What the lines that are understood contain. Noise before a line hides its beginning, not these.
constexpr std::string_view own_anchors[] = {"---[ surefoot", "  #", "  ...  #", "  stop  0x", "port: ", "  ["};
constexpr std::string_view kernel_anchors[] = {"Code: ", "Call trace:", "pc : ", "lr : "};

using Parser = bool (*)(std::string_view, LogLine&);

// Tries to read the line from each place where one of the anchors stands. There are few of them.
bool parse_behind_noise(std::string_view text, std::span<const std::string_view> anchors, Parser parse, LogLine& line) {
  constexpr int max_tries = 4;
  for (const std::string_view anchor : anchors) {
    std::size_t at = text.find(anchor, 1);
    for (int i = 0; i < max_tries && at != std::string_view::npos; ++i) {
      if (parse(text.substr(at), line)) return true;
      at = text.find(anchor, at + 1);
    }
  }
  return false;
}

}  // namespace

std::size_t parse_place(std::string_view text, bool may_have_blanks, NamedPlace& place) {
  // The first "+0x" that a size follows: names in C++ may hold a plus sign.
  constexpr int max_tries = 16;
  std::size_t plus = text.find("+0x");
  for (int i = 0; i < max_tries && plus != std::string_view::npos; ++i, plus = text.find("+0x", plus + 1)) {
    Cursor cursor(text.substr(plus + 1));
    const std::optional<std::uint64_t> offset = cursor.take_hex();
    if (!offset || !cursor.skip("/")) continue;
    const std::optional<std::uint64_t> size = cursor.take_hex();
    if (!size) return 0;
    const std::string_view name = text.substr(0, plus);
    if (name.empty() || name.front() == ' ' || (!may_have_blanks && name.find(' ') != std::string_view::npos)) return 0;
    // A name that ends behind its function is no place in it, but a return address may be just at the end.
    if (*offset > *size) return 0;
    place = {.name = name, .offset = *offset, .size = *size, .module = {}, .build_id = {}};
    Cursor behind = cursor;
    if (behind.skip(" [")) {
      const std::string_view module = behind.take_while([](char c) { return c != ' ' && c != ']'; });
      Cursor with_id = behind;
      std::string_view id;
      if (with_id.skip(" ")) id = with_id.take_while(is_hex_digit);
      if (with_id.skip("]") && !id.empty()) {
        behind = with_id;
      } else {
        id = {};
      }
      const bool has_end = !id.empty() || behind.skip("]");
      if (has_end && !module.empty() && is_letter(module.front())) {
        place.module = module;
        place.build_id = id;
        cursor = behind;
      }
    }
    return text.size() - cursor.rest().size();
  }
  return 0;
}

LogLine parse_line(std::string_view text) {
  const Prefix prefix = find_prefix(text);
  LogLine line;
  line.speaker = prefix.speaker;
  const std::string_view body = text.substr(prefix.size);
  if (parse_surefoot_line(body, line) || parse_behind_noise(body, own_anchors, parse_surefoot_line, line)) return line;
  // A prefix may have been taken for more than it is: Zephyr's lines look like one.
  if (parse_kernel_line(body, line) || (prefix.size != 0 && parse_kernel_line(text, line))) return line;
  if (!parse_behind_noise(body, kernel_anchors, parse_kernel_line, line)) parse_mentions(body, line);
  return line;
}

}  // namespace surefoot::tools
