// SPDX-License-Identifier: MIT
#include "profile/log.hpp"

#include <algorithm>
#include <optional>

#include "surefoot/profile_format.hpp"

namespace surefoot::tools {
namespace {

std::optional<unsigned> digit(char character) {
  if (character >= '0' && character <= '9') return static_cast<unsigned>(character - '0');
  if (character >= 'a' && character <= 'f') return static_cast<unsigned>(character - 'a') + 10;
  if (character >= 'A' && character <= 'F') return static_cast<unsigned>(character - 'A') + 10;
  return std::nullopt;
}

// The bytes that the text begins with, two digits each; what is left begins with something else.
std::vector<std::byte> take_bytes(std::string_view& text) {
  std::vector<std::byte> bytes;
  while (text.size() >= 2) {
    const std::optional<unsigned> high = digit(text[0]);
    const std::optional<unsigned> low = digit(text[1]);
    if (!high || !low) break;
    bytes.push_back(static_cast<std::byte>(*high << 4 | *low));
    text.remove_prefix(2);
  }
  return bytes;
}

// A record and its check. Empty if they disagree.
std::vector<std::byte> read_line(std::string_view text) {
  std::vector<std::byte> record = take_bytes(text);
  if (record.size() < profile::prefix_size || !text.starts_with(' ')) return {};
  text.remove_prefix(1);
  const std::vector<std::byte> check = take_bytes(text);
  if (check.size() != 2) return {};
  std::uint16_t sum = 0;
  for (const std::byte byte : record) sum = profile::add_to_line_check(sum, std::to_integer<std::uint8_t>(byte));
  const bool is_good = check[0] == static_cast<std::byte>(sum >> 8) && check[1] == static_cast<std::byte>(sum);
  return is_good ? std::move(record) : std::vector<std::byte>();
}

}  // namespace

LogRecords find_log_records(std::string_view log) {
  constexpr std::string_view word = profile::line_word;
  LogRecords found;
  for (std::size_t at = log.find(word); at != std::string_view::npos; at = log.find(word, at)) {
    at += word.size();
    // The name may stand in any line of a log; a record follows it by a blank.
    if (at >= log.size() || log[at] != ' ' || at + 1 == log.size() || !digit(log[at + 1])) continue;
    const std::string_view line = log.substr(at + 1, log.find('\n', at) - (at + 1));
    std::vector<std::byte> record = read_line(line);
    if (record.empty()) {
      ++found.damaged_lines;
    } else {
      found.records.push_back(std::move(record));
    }
  }
  return found;
}

}  // namespace surefoot::tools
