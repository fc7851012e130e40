// SPDX-License-Identifier: MIT
//
// The lines that other kernels print about traces, and those of a panic that look the same. How Linux's look is said in
// docs/decode.md.
#include <algorithm>

#include "decode/cursor.hpp"
#include "decode/log_line.hpp"

namespace surefoot::tools {
namespace {

constexpr std::size_t max_addresses = 64;  // in one line

// "pc : name+0x1c/0x90 [module]", "lr : ...", "pc : 0xffff800080012345  name+0x1c/0x90", "pc : [<ffff...>]".
bool parse_register(Cursor cursor, LogLine& line) {
  cursor.skip_blanks();
  const bool is_pc = cursor.skip("pc ");
  if (!is_pc && !cursor.skip("lr ")) return false;
  cursor.skip_blanks();
  if (!cursor.skip(":")) return false;
  cursor.skip_blanks();
  LoggedAddress address{.value = {}, .place = {}, .role = is_pc ? Role::exact : Role::return_address};
  const bool is_bracketed = cursor.skip("[<");
  address.value = cursor.take_whole_address();
  if (is_bracketed && !cursor.skip(">]")) return false;
  cursor.skip_blanks();
  NamedPlace place;
  if (parse_place(cursor.rest(), true, place) != 0) address.place = place;
  if (!address.value && !address.place) return false;
  line.kind = is_pc ? LineKind::program_counter : LineKind::mention;
  line.addresses.push_back(address);
  return true;
}

// "Code: d503233f a9bf7bfd (b9000000) ????????"
bool parse_code(Cursor cursor, LogLine& line) {
  constexpr std::size_t max_words = 64;
  constexpr std::size_t digit_count = 8;
  cursor.skip_blanks();
  if (!cursor.skip("Code: ")) return false;
  std::vector<CodeWord> words;
  while (words.size() < max_words) {
    cursor.skip_blanks();
    const bool is_at_pc = cursor.skip("(");
    const std::string_view digits = cursor.take_while([](char c) { return is_hex_digit(c) || c == '?'; });
    if (digits.empty()) break;
    const bool is_word = digits.size() == digit_count && std::ranges::all_of(digits, is_hex_digit);
    const bool is_unread = std::ranges::all_of(digits, [](char c) { return c == '?'; });
    if (!is_word && !is_unread) break;  // cut, or not words of 32 bits
    CodeWord word{.value = {}, .is_at_pc = is_at_pc};
    if (is_word) word.value = static_cast<std::uint32_t>(*to_number(digits, 16));
    words.push_back(word);
    if (is_at_pc && !cursor.skip(")")) break;
  }
  if (words.empty()) return false;
  line.kind = LineKind::code;
  line.words = std::move(words);
  return true;
}

// "Call trace:", "Call Trace:", "call trace:", "Backtrace:".
bool parse_header(Cursor cursor, LogLine& line) {
  cursor.skip_blanks();
  if (!cursor.skip("Call trace:") && !cursor.skip("Call Trace:") && !cursor.skip("call trace:")) return false;
  line.kind = LineKind::trace_begins;
  return true;
}

// " name+0x1c/0x90 [module] (P)", "[<0>] name+0x1c/0x90", "[<ffff800080012345>] name+0x1c/0x90", " ? name+...".
bool parse_linux_frame(Cursor cursor, LogLine& line) {
  cursor.skip_blanks();
  LoggedAddress address{.value = {}, .place = {}, .role = Role::return_address};
  if (cursor.skip("[<")) {
    Cursor zero = cursor;
    if (zero.skip("0>]")) {
      cursor = zero;
    } else {
      address.value = cursor.take_whole_address();
      if (!address.value || !cursor.skip(">]")) return false;
    }
    cursor.skip_blanks();
  }
  line.is_doubtful = cursor.skip("? ");
  NamedPlace place;
  const std::size_t size = parse_place(cursor.rest(), false, place);
  if (size != 0) {
    address.place = place;
    cursor.take(size);
  } else if (!address.value) {
    return false;
  }
  cursor.skip_blanks();
  // Where Linux 6.13 and later knows the entry from. P: it is the pc of saved registers.
  if (cursor.skip("(")) {
    const std::string_view flags = cursor.take_while(is_letter);
    if (!cursor.skip(")")) return false;
    if (flags.find('P') != std::string_view::npos) address.role = Role::exact;
  }
  cursor.skip_blanks();
  if (!cursor.is_at_end()) return false;
  line.kind = LineKind::linux_frame;
  line.addresses.push_back(address);
  return true;
}

// "vmlinux BUILD-ID=HEX", "Build id: HEX", and the digits at the end of Linux's "CPU: 0 PID: 1 Comm: ..." line.
bool parse_build_id(std::string_view text, LogLine& line) {
  constexpr std::size_t least_digits = 16;
  for (const std::string_view word : {"BUILD-ID=", "Build id: ", "build id: ", "Build ID: ", "build-id: "}) {
    const std::size_t at = text.find(word);
    if (at == std::string_view::npos) continue;
    const std::string_view digits = Cursor(text.substr(at + word.size())).take_while(is_hex_digit);
    if (digits.size() < least_digits) continue;
    line.build_id = digits;
  }
  if (line.build_id.empty() && text.starts_with("CPU: ") && text.find(" Comm: ") != std::string_view::npos) {
    constexpr std::size_t sha1_digits = 40;
    const std::string_view last = text.substr(text.find_last_of(' ') + 1);
    if (last.size() == sha1_digits && std::ranges::all_of(last, is_hex_digit)) line.build_id = last;
  }
  if (line.build_id.empty()) return false;
  line.kind = LineKind::build_id;
  return true;
}

// True of an address that is padded with zeros to 16 digits, and has fewer: the line was cut.
bool is_cut(std::string_view number) {
  constexpr std::size_t whole_size = 18;
  return number.starts_with("0x0") && number.size() > 3 && number.size() < whole_size;
}

// A line of a backtrace that is an index and addresses: "#0 0x4028...", " 2: fp: 0x4001f380 lr: 0x400027b4",
// "backtrace| 0: 0x40280ac4 0x402801bc", "ELR_ELn: 0x40201234".
bool parse_plain_frame(Cursor cursor, LogLine& line) {
  cursor.skip_blanks();
  const bool is_exact = cursor.skip("ELR_ELn:");
  if (!is_exact) {
    cursor.skip("backtrace|");
    cursor.skip_blanks();
    const bool has_hash = cursor.skip("#");
    const bool has_bracket = !has_hash && cursor.skip("[");
    cursor.skip_blanks();
    Cursor indexed = cursor;
    if (!indexed.rest().starts_with("0x") && indexed.take_decimal()) {
      cursor = indexed;
    } else if (has_hash || has_bracket) {
      return false;
    }
    if (has_bracket && !cursor.skip("]")) return false;
    cursor.skip(":");
  }
  cursor.skip_blanks();
  if (cursor.skip("fp: ")) {
    if (!cursor.take_hex()) return false;
    cursor.skip_blanks();
    if (!cursor.skip("lr: ")) return false;
  }
  while (line.addresses.size() < max_addresses) {
    cursor.skip_blanks();
    const bool is_bracketed = cursor.skip("[<");
    const std::string_view before = cursor.rest();
    const std::optional<std::uint64_t> value = cursor.take_hex();
    if (!value || is_cut(before.substr(0, before.size() - cursor.rest().size()))) break;
    if (is_bracketed && !cursor.skip(">]")) break;
    line.addresses.push_back({.value = value, .place = {}, .role = is_exact ? Role::exact : Role::unsaid});
  }
  // A name may stand behind the last address; other text makes it something else.
  cursor.skip_blanks();
  NamedPlace place;
  const std::string_view name = cursor.rest();
  const std::size_t size = parse_place(name.starts_with('[') ? name.substr(1) : name, true, place);
  if (line.addresses.empty() || (size == 0 && !name.empty() && !is_exact)) {
    line.addresses.clear();
    return false;
  }
  if (size != 0 && line.addresses.size() == 1) line.addresses.back().place = place;
  line.kind = LineKind::plain_frame;
  return true;
}

}  // namespace

bool parse_kernel_line(std::string_view text, LogLine& line) {
  const Cursor cursor(text);
  return parse_register(cursor, line) || parse_code(cursor, line) || parse_header(cursor, line) ||
         parse_linux_frame(cursor, line) || parse_plain_frame(cursor, line) || parse_build_id(text, line);
}

// Places in any text: "WARNING: CPU: 0 PID: 1 at net/core.c:12 send+0x1c/0x90", "#0: ... at: lock+0x10/0x40".
bool parse_mentions(std::string_view text, LogLine& line) {
  constexpr std::string_view around_words = "()<>,;=\"'";
  std::size_t at = text.find("+0x");
  for (std::size_t i = 0; i < max_addresses && at != std::string_view::npos; ++i, at = text.find("+0x", at)) {
    std::size_t start = at;
    while (start > 0 && text[start - 1] != ' ' && around_words.find(text[start - 1]) == std::string_view::npos) --start;
    NamedPlace place;
    const std::size_t size = parse_place(text.substr(start), false, place);
    if (size == 0) {
      at += 3;
      continue;
    }
    const bool is_warning = text.find("WARNING: ") < start || text.find("PC is at ") < start;
    line.addresses.push_back({.value = {}, .place = place, .role = is_warning ? Role::exact : Role::return_address});
    at = start + size;
  }
  if (line.addresses.empty()) return false;
  line.kind = LineKind::mention;
  return true;
}

}  // namespace surefoot::tools
