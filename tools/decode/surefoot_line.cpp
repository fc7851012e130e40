// SPDX-License-Identifier: MIT
//
// The lines that Surefoot prints: surefoot/print.hpp and docs/panic.md say how they look.
#include <algorithm>
#include <cstring>

#include "decode/cursor.hpp"
#include "decode/log_line.hpp"
#include "surefoot/evidence.hpp"
#include "surefoot/frame.hpp"
#include "surefoot/verdict.hpp"

namespace surefoot::tools {
namespace {

constexpr bool is_of_name(char character) { return is_letter(character) || is_decimal_digit(character); }

std::optional<StopReason> find_stop(std::string_view name) {
  for (unsigned i = 0; i < stop_reason_count; ++i) {
    const auto reason = static_cast<StopReason>(i);
    if (name == to_string(reason)) return reason;
  }
  return std::nullopt;
}

// Names of evidence, separated by commas. Those that are none, such as a kind of special range, say nothing here.
Evidence find_evidence(std::string_view names) {
  Evidence evidence;
  Cursor cursor(names);
  while (!cursor.is_at_end()) {
    const std::string_view name = cursor.take_while([](char character) { return character != ','; });
    cursor.skip(",");
    for (unsigned i = 0; i < evidence_bit_count; ++i) {
      const auto bit = static_cast<EvidenceBit>(std::uint32_t{1} << i);
      if (name == to_string(bit)) evidence |= bit;
    }
  }
  return evidence;
}

std::optional<Source> find_source(std::string_view name) {
  constexpr auto last = static_cast<unsigned>(Source::frame_table);
  for (unsigned i = 0; i <= last; ++i) {
    const auto source = static_cast<Source>(i);
    if (name == to_string(source)) return source;
  }
  return std::nullopt;
}

// The frame behind an exception was interrupted where its pc is. The first frame may be anything.
Role role_of(Source source, Evidence evidence) {
  if (evidence.has(EvidenceBit::crossed_exception) || source == Source::exception_frame) return Role::exact;
  return source == Source::start ? Role::unsaid : Role::return_address;
}

//   #2  0x0000000040081234  ? net::send+0x34/0x80  frame_record  [in_special_range,ftrace_call]
bool parse_frame(Cursor cursor, LogLine& line) {
  cursor.skip_blanks();
  if (!cursor.skip("#")) return false;
  const std::optional<std::uint64_t> index = cursor.take_decimal();
  if (!index || cursor.skip_blanks() < 2 || !cursor.rest().starts_with("0x")) return false;
  const std::optional<std::uint64_t> pc = cursor.take_whole_address();
  if (!pc) return false;
  line.kind = LineKind::frame;
  line.index = *index;
  line.is_doubtful = false;
  line.evidence = {};
  LoggedAddress address{.value = pc, .place = {}, .role = Role::unsaid};
  if (cursor.skip("  ")) {
    line.is_doubtful = cursor.skip("? ");
    const std::size_t name_end = cursor.rest().find("  ");
    const std::string_view name = cursor.take(std::min(name_end, cursor.rest().size()));
    NamedPlace place;
    if (parse_place(name, true, place) == name.size()) address.place = place;
    cursor.skip_blanks();
    const std::optional<Source> source = find_source(cursor.take_while(is_of_name));
    cursor.skip_blanks();
    if (cursor.skip("[")) line.evidence = find_evidence(cursor.take_until("]"));
    if (source) address.role = role_of(*source, line.evidence);
  }
  line.addresses.push_back(address);
  return true;
}

//   ...  #3 to #198 repeat #1 to #2
bool parse_repeat(Cursor cursor, LogLine& line) {
  cursor.skip_blanks();
  if (!cursor.skip("...  #") || !cursor.take_decimal() || !cursor.skip(" to #") || !cursor.take_decimal() ||
      !cursor.skip(" repeat #") || !cursor.take_decimal()) {
    return false;
  }
  line.kind = LineKind::repeat;
  return true;
}

//   stop  0x0000000040091000  off_stack
bool parse_stop(Cursor cursor, LogLine& line) {
  cursor.skip_blanks();
  if (!cursor.skip("stop  ") || !cursor.take_whole_address() || !cursor.skip("  ")) return false;
  const std::optional<StopReason> stop = find_stop(cursor.take_while(is_of_name));
  if (!stop) return false;
  line.kind = LineKind::stop;
  line.verdict.stop = stop;
  return true;
}

// policy=strict verdict=unreliable stop=off_stack evidence=crossed_exception,not_text frames=7
bool parse_verdict(std::string_view text, LogLine& line) {
  const std::size_t at = text.find("policy=");
  if (at == std::string_view::npos) return false;
  Cursor cursor(text.substr(at));
  LoggedVerdict verdict;
  cursor.skip("policy=");
  const std::string_view policy = cursor.take_while(is_of_name);
  for (const Policy each : {Policy::strict, Policy::exact}) {
    if (policy == to_string(each)) verdict.policy = each;
  }
  if (!cursor.skip(" verdict=")) return false;
  const std::string_view reliability = cursor.take_while(is_of_name);
  verdict.is_reliable = reliability == to_string(Reliability::reliable);
  if (!verdict.is_reliable && reliability != to_string(Reliability::unreliable)) return false;
  // A line that is cut says what it says.
  if (cursor.skip(" stop=")) verdict.stop = find_stop(cursor.take_while(is_of_name));
  if (cursor.skip(" evidence=")) {
    verdict.evidence = find_evidence(cursor.take_while([](char c) { return is_of_name(c) || c == ','; }));
  }
  line.kind = LineKind::verdict;
  line.verdict = verdict;
  return true;
}

// port: error vector_not_special index=5 address=0x0000000040200a80
bool parse_finding(Cursor cursor, LogLine& line) {
  if (!cursor.skip("port: ")) return false;
  const std::string_view severity = cursor.take_while(is_letter);
  if ((severity != "error" && severity != "warning") || !cursor.skip(" ")) return false;
  line.finding = cursor.take_while(is_of_name);
  if (!cursor.skip(" index=") || !cursor.take_decimal() || !cursor.skip(" address=")) return false;
  const std::optional<std::uint64_t> address = cursor.take_whole_address();
  if (!address) return false;
  line.kind = LineKind::finding;
  line.addresses.push_back({.value = address, .place = {}, .role = Role::exact});
  return true;
}

// ---[ surefoot: panic: REASON ]---, ---[ surefoot: cpu 1 stopped ]---, ---[ surefoot: end of panic, cpu 2 ]---
bool parse_bracket(Cursor cursor, LogLine& line) {
  if (cursor.skip("Exception: ")) {
    line.kind = LineKind::exception;
    return true;
  }
  if (!cursor.skip("---[ surefoot: ")) return false;
  line.kind = LineKind::panic_begins;
  line.is_stopped = cursor.rest().find(" stopped ]---") != std::string_view::npos;
  return true;
}

//   [1] net::send returns to 0x... net::poll+0x34/0x90  key 0x...  hook 0x...
bool parse_return_entry(Cursor cursor, LogLine& line) {
  cursor.skip_blanks();
  if (!cursor.skip("[") || !cursor.take_decimal() || !cursor.skip("] ")) return false;
  constexpr std::string_view verb = " returns to ";
  const std::size_t at = cursor.rest().find(verb);
  if (at == std::string_view::npos) return false;
  cursor.take(at + verb.size());
  const std::optional<std::uint64_t> address = cursor.take_whole_address();
  if (!address) return false;
  LoggedAddress to{.value = address, .place = {}, .role = Role::return_address};
  cursor.skip_blanks();
  NamedPlace place;
  const std::size_t name_end = std::min(cursor.rest().find("  "), cursor.rest().size());
  if (parse_place(cursor.rest().substr(0, name_end), true, place) != 0) to.place = place;
  line.kind = LineKind::mention;
  line.addresses.push_back(to);
  return true;
}

}  // namespace

bool parse_surefoot_line(std::string_view text, LogLine& line) {
  const Cursor cursor(text);
  return parse_frame(cursor, line) || parse_repeat(cursor, line) || parse_stop(cursor, line) ||
         parse_bracket(cursor, line) || parse_verdict(text, line) || parse_finding(cursor, line) ||
         parse_return_entry(cursor, line);
}

}  // namespace surefoot::tools
