// SPDX-License-Identifier: MIT
#include "decode/prefix.hpp"

#include <array>
#include <optional>

#include "decode/cursor.hpp"

namespace surefoot::tools {
namespace {

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> days = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

bool skip_word_of(Cursor& cursor, auto&& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return cursor.skip(word); });
}

// "<4>" and "<30>".
bool skip_level(Cursor& cursor) {
  Cursor after = cursor;
  if (!after.skip("<")) return false;
  const std::size_t digits = after.take_while(is_decimal_digit).size();
  if (digits == 0 || digits > 3 || !after.skip(">")) return false;
  cursor = after;
  return true;
}

// "12:34:56", with what parts of a second there are: ".789", ",789", ".010,000".
bool skip_time_of_day(Cursor& cursor) {
  Cursor after = cursor;
  for (int part = 0; part < 3; ++part) {
    if (part != 0 && !after.skip(":")) return false;
    if (after.take_while(is_decimal_digit).size() != 2) return false;
  }
  while (after.peek() == '.' || after.peek() == ',') {
    after.take(1);
    if (after.take_while(is_decimal_digit).empty()) return false;
  }
  cursor = after;
  return true;
}

bool skip_zone(Cursor& cursor) {
  if (cursor.skip("Z")) return true;
  if (cursor.peek() != '+' && cursor.peek() != '-') return false;
  cursor.take(1);
  return !cursor.take_while([](char character) { return is_decimal_digit(character) || character == ':'; }).empty();
}

// "2026-11-29T06:05:24.123456+00:00" and "2026-11-29 06:05:24".
bool skip_date(Cursor& cursor) {
  Cursor after = cursor;
  if (after.take_while(is_decimal_digit).size() != 4 || !after.skip("-")) return false;
  if (after.take_while(is_decimal_digit).size() != 2 || !after.skip("-")) return false;
  if (after.take_while(is_decimal_digit).size() != 2) return false;
  if (!after.skip("T") && !after.skip(" ")) return false;
  if (!skip_time_of_day(after)) return false;
  skip_zone(after);
  cursor = after;
  return true;
}

// "Nov 29 06:05:24" and, if a day of the week may stand before it and a year behind it, "Sun Nov 29 06:05:24 2026".
bool skip_old_date(Cursor& cursor) {
  Cursor after = cursor;
  const bool has_day = skip_word_of(after, days) && after.skip(" ");
  if (!skip_word_of(after, months) || after.skip_blanks() == 0) return false;
  if (!after.take_decimal() || !after.skip(" ") || !skip_time_of_day(after)) return false;
  Cursor with_year = after;
  if (has_day && with_year.skip(" ") && with_year.take_while(is_decimal_digit).size() == 4) after = with_year;
  cursor = after;
  return true;
}

// "host kernel: " and "kernel: ", with "[123]" behind the name of the program.
void skip_host(Cursor& cursor) {
  const auto is_of_word = [](char character) { return character != ' ' && character != ':' && character != '['; };
  for (int words = 1; words <= 2; ++words) {
    Cursor after = cursor;
    for (int i = 0; i < words; ++i) {
      after.skip_blanks();
      if (after.take_while(is_of_word).empty()) return;
    }
    if (after.peek() == '[') {
      after.take_until("]");
      after.skip("]");
    }
    if (!after.skip(": ") && !(after.skip(":") && after.is_at_end())) continue;
    cursor = after;
    return;
  }
}

// "CPU0", "CPU 0", "cpu0".
std::string_view take_cpu(Cursor& cursor) {
  Cursor after = cursor;
  if (!after.skip("CPU") && !after.skip("cpu")) return {};
  after.skip(" ");
  if (!after.take_decimal()) return {};
  const std::string_view name = cursor.rest().substr(0, cursor.rest().size() - after.rest().size());
  cursor = after;
  return name;
}

// "T12" and "C1", as Linux names a task and a CPU.
std::string_view take_caller(Cursor& cursor) {
  Cursor after = cursor;
  if (!after.skip("T") && !after.skip("C")) return {};
  if (!after.take_decimal()) return {};
  const std::string_view name = cursor.rest().substr(0, cursor.rest().size() - after.rest().size());
  cursor = after;
  return name;
}

// What stands in square brackets.
bool skip_bracket(Cursor& cursor, std::string_view& speaker) {
  Cursor after = cursor;
  if (!after.skip("[")) return false;
  after.skip_blanks();
  after.skip("+");
  std::string_view name = take_cpu(after);
  if (name.empty()) name = take_caller(after);
  if (name.empty() && !skip_date(after) && !skip_old_date(after) && !skip_time_of_day(after)) {
    // Seconds: with their parts, or it could be the index of anything.
    if (after.take_while(is_decimal_digit).empty() || (after.peek() != '.' && after.peek() != ',')) return false;
    after.take(1);
    if (after.take_while(is_decimal_digit).empty()) return false;
    Cursor with_caller = after;
    if (with_caller.skip(",") && with_caller.skip_blanks() < 8) {
      name = take_cpu(with_caller);
      if (name.empty()) name = take_caller(with_caller);
      if (!name.empty()) after = with_caller;
    }
  }
  after.skip_blanks();
  if (!after.skip("]")) return false;
  if (!name.empty()) speaker = name;
  cursor = after;
  return true;
}

bool skip_parenthesis(Cursor& cursor, std::string_view& speaker) {
  Cursor after = cursor;
  if (!after.skip("(")) return false;
  const std::string_view name = take_cpu(after);
  if (name.empty() || !after.skip(")")) return false;
  speaker = name;
  cursor = after;
  return true;
}

// "kern  :emerg : ", as dmesg -x writes it.
bool skip_facility(Cursor& cursor) {
  Cursor after = cursor;
  if (after.take_while(is_letter) != "kern") return false;
  after.skip_blanks();
  if (!after.skip(":") || after.take_while(is_letter).empty()) return false;
  after.skip_blanks();
  if (!after.skip(":")) return false;
  cursor = after;
  return true;
}

// "<err> os: " and "E: ", as Zephyr writes them.
bool skip_zephyr(Cursor& cursor) {
  if (cursor.skip("E: ") || cursor.skip("W: ")) return true;
  Cursor after = cursor;
  if (!after.skip("<")) return false;
  constexpr std::array<std::string_view, 4> levels = {"err", "wrn", "inf", "dbg"};
  if (!skip_word_of(after, levels) || !after.skip("> ")) return false;
  if (after.take_while(is_letter).empty() || !after.skip(": ")) return false;
  cursor = after;
  return true;
}

}  // namespace

Prefix find_prefix(std::string_view line) {
  constexpr int max_parts = 8;  // more are no prefix
  Cursor cursor(line);
  Prefix prefix;
  for (int part = 0; part < max_parts; ++part) {
    Cursor after = cursor;
    // Blanks before a prefix belong to it. Those before the line itself show how the line is indented.
    after.skip_blanks();
    const bool is_time = skip_date(after) || skip_old_date(after);
    if (is_time) skip_host(after);
    const bool is_prefix = is_time || skip_level(after) || skip_bracket(after, prefix.speaker) ||
                           skip_parenthesis(after, prefix.speaker) || skip_time_of_day(after) || skip_facility(after) ||
                           skip_zephyr(after) || after.skip("kernel: ");
    if (!is_prefix) break;
    cursor = after;
  }
  if (cursor.rest().size() != line.size()) cursor.skip(" ");
  prefix.size = line.size() - cursor.rest().size();
  return prefix;
}

}  // namespace surefoot::tools
