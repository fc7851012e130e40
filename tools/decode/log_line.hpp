// SPDX-License-Identifier: MIT
//
// One line of a log, in terms of what it says about a trace. Views refer to the text that was parsed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "surefoot/verdict.hpp"

namespace surefoot::tools {

/// `net::send+0x14/0x80 [driver]`
struct NamedPlace {
  std::string_view name;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::string_view module;    ///< empty: of the kernel itself
  std::string_view build_id;  ///< behind the module's name, if the log has it
};

/// Whether an address is that of an instruction that was interrupted, or of the one behind a call.
enum class Role : std::uint8_t {
  exact,
  return_address,
  unsaid,  ///< the line does not say
};

struct LoggedAddress {
  std::optional<std::uint64_t> value;
  std::optional<NamedPlace> place;
  Role role = Role::unsaid;
};

/// A word of a `Code:` line; no value if the kernel could not read it.
struct CodeWord {
  std::optional<std::uint32_t> value;
  bool is_at_pc = false;
};

enum class LineKind : std::uint8_t {
  other,            ///< nothing is understood
  trace_begins,     ///< `Call trace:`
  panic_begins,     ///< a panic, or another CPU's part of it
  exception,        ///< `Exception: ...`, before the registers that an exception saved
  frame,            ///< Surefoot's print_frame()
  repeat,           ///< print_repeat()
  stop,             ///< the last line of print_trace()
  verdict,          ///< print_verdict(), with anything before it
  finding,          ///< print_findings()
  linux_frame,      ///< a line of a Linux trace
  program_counter,  ///< `pc : ...`
  code,             ///< `Code: ...`
  plain_frame,      ///< an address of a backtrace, and little else
  mention,          ///< places inside other text
  build_id,
};

/// What print_verdict() prints.
struct LoggedVerdict {
  std::optional<Policy> policy;
  bool is_reliable = false;
  std::optional<StopReason> stop;
  Evidence evidence;
};

struct LogLine {
  LineKind kind = LineKind::other;
  std::string_view speaker;              ///< the CPU or task that printed it, if a prefix says so
  std::vector<LoggedAddress> addresses;  ///< all that can be looked up
  std::uint64_t index = 0;               ///< of a frame
  bool is_doubtful = false;              ///< a frame that is marked so
  Evidence evidence;                     ///< of a frame
  bool is_stopped = false;               ///< of panic_begins: a CPU that was interrupted to be stopped
  std::string_view finding;              ///< the name of a finding
  LoggedVerdict verdict;                 ///< of a verdict; `stop` of a stop line as well
  std::vector<CodeWord> words;
  std::string_view build_id;  ///< hexadecimal digits
};

/// Parses a line as clean_line() leaves it. What is not understood is LineKind::other; no text is an error. Time grows
/// with the length of the line.
[[nodiscard]] LogLine parse_line(std::string_view line);

/// `NAME+0xOFFSET/0xSIZE`, with ` [module]` or ` [module BUILDID]` behind it, from the front of the text; how much of
/// it was taken, 0 if it is none. A name may hold blanks only if `may_have_blanks`.
[[nodiscard]] std::size_t parse_place(std::string_view text, bool may_have_blanks, NamedPlace& place);

/// Lines that Surefoot prints, and lines of other kernels, without a prefix. False if it is none.
[[nodiscard]] bool parse_surefoot_line(std::string_view text, LogLine& line);
[[nodiscard]] bool parse_kernel_line(std::string_view text, LogLine& line);
/// Places inside any other text.
bool parse_mentions(std::string_view text, LogLine& line);

}  // namespace surefoot::tools
