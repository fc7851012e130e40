// SPDX-License-Identifier: MIT
//
// Prints traces, verdicts and the findings of a check as text, in pieces, to whatever the kernel has for a console. No
// buffer for a line, no allocation, no globals. Part of surefoot::print.
//
//   surefoot::print_verdict(trace.verdict, trace.frames.size(), trace.verdict.policy, options, sink);
//   surefoot::print_trace(trace, options, sink);
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/frame.hpp"
#include "surefoot/port_check.hpp"
#include "surefoot/symbols.hpp"
#include "surefoot/user_trace.hpp"
#include "surefoot/verdict.hpp"
#include "surefoot/walk.hpp"

namespace surefoot {

/// Takes the next piece of text, as in `[](std::span<const char> text) noexcept { uart.write(text); }`.
template <typename S>
concept TextSink = requires(S& sink, std::span<const char> text) {
  { sink(text) } noexcept;
};

/// Gives the names for one frame, as those of the module that its pc lies in.
template <typename F>
concept SymbolSource = requires(F& symbols_of, const Frame& frame) {
  { symbols_of(frame) } noexcept -> std::same_as<Symbols>;
};

/// How traces and verdicts are printed.
struct PrintOptions {
  /// Where names come from. A function without a name is printed as `-`.
  Symbols symbols = {};
  /// Reliable in green, unreliable and doubtful in red, by the escape sequences of [ecma-48 §8.3.117].
  bool use_colour = false;
};

namespace detail {

/// Room for the digits of any 64-bit number, in decimal or with 0x in hexadecimal.
using NumberText = std::array<char, 20>;

/// `0x` and at least `min_digits` hexadecimal digits. Requires min_digits <= 16.
[[nodiscard]] std::span<const char> to_hex(std::uint64_t value, std::size_t min_digits, NumberText& room) noexcept;
[[nodiscard]] std::span<const char> to_decimal(std::uint64_t value, NumberText& room) noexcept;
[[nodiscard]] std::span<const char> to_text(const char* terminated) noexcept;

/// Parts a name into pieces that are safe to print: what could be taken for another line, another column, a mark of
/// doubt or a command to the terminal is escaped, as `\x0a`. Remembers the last character, so that a name may come in
/// parts.
class Escaper {
 public:
  /// The next piece of `text`, which begins behind it afterwards; empty at the end. An escape is valid until the next
  /// call.
  [[nodiscard]] std::span<const char> next(std::span<const char>& text) noexcept;

 private:
  char before_ = '\0';
  std::array<char, 4> escape_{};
};

enum class Colour : std::uint8_t { good, bad };

/// Writes to a sink what lines are made of.
template <TextSink S>
class TextWriter {
 public:
  TextWriter(S& sink, bool use_colour) noexcept : sink_(sink), use_colour_(use_colour) {}

  void text(const char* terminated) noexcept { sink_(to_text(terminated)); }
  void name(const char* terminated) noexcept {
    Escaper escaper;
    escaped(escaper, to_text(terminated));
  }
  void name(const SymbolName& name) noexcept {
    Escaper escaper;
    NameReader reader(name);
    std::array<char, 32> room;
    for (std::size_t size = reader.read(room); size != 0; size = reader.read(room)) {
      escaped(escaper, std::span(room).first(size));
    }
  }
  /// `name+offset/size`, or `-` if the function is not known.
  void function(const Symbol& symbol) noexcept {
    if (!symbol.is_known()) return text("-");
    name(symbol.name);
    text("+");
    hex(symbol.offset);
    text("/");
    hex(symbol.size);
  }
  void hex(std::uint64_t value, std::size_t min_digits = 1) noexcept {
    NumberText room;
    sink_(to_hex(value, min_digits, room));
  }
  void decimal(std::uint64_t value) noexcept {
    NumberText room;
    sink_(to_decimal(value, room));
  }
  void spaces(std::size_t count) noexcept {
    for (; count > 0; --count) text(" ");
  }
  void begin_colour(Colour colour) noexcept {
    if (use_colour_) text(colour == Colour::good ? "\x1b[32m" : "\x1b[31m");
  }
  void end_colour() noexcept {
    if (use_colour_) text("\x1b[0m");
  }
  /// The names of the bits, separated by commas; the number of names.
  std::size_t evidence(Evidence evidence) noexcept {
    std::size_t count = 0;
    for (unsigned i = 0; i < evidence_bit_count; ++i) {
      const auto bit = static_cast<EvidenceBit>(std::uint32_t{1} << i);
      if (!evidence.has(bit)) continue;
      if (count++ != 0) text(",");
      text(to_string(bit));
    }
    return count;
  }

 private:
  void escaped(Escaper& escaper, std::span<const char> text) noexcept {
    for (auto piece = escaper.next(text); !piece.empty(); piece = escaper.next(text)) sink_(piece);
  }

  S& sink_;
  bool use_colour_;
};

}  // namespace detail

/// Prints a name, without an end of line. Control characters are escaped, as are blanks that could be taken for the
/// next column. No name prints nothing.
template <TextSink S>
void print_name(const SymbolName& name, S&& sink) noexcept {
  detail::TextWriter(sink, false).name(name);
}

/// How a frame is printed among others.
struct FramePosition {
  std::size_t index = 0;
  /// Columns for the index; 0 takes as many as it needs.
  std::size_t index_width = 0;
  /// Whether the frame, or one that should stand before it, is in doubt: see Verdict::first_doubtful.
  bool is_doubtful = false;
};

/// Prints one line:
///
///   #2  0x0000000040081234  ? net::send+0x34/0x80  frame_record  [in_special_range,ftrace_call]
///
/// `?` stands before the name if the frame is doubtful. In brackets stand the names of its evidence, and the kind of
/// special range. It is one line whatever the name holds: control characters are escaped.
template <TextSink S>
void print_frame(const Frame& frame, const FramePosition& position, const PrintOptions& options, S&& sink) noexcept {
  detail::TextWriter writer(sink, options.use_colour);
  detail::NumberText room;
  const std::span<const char> index = detail::to_decimal(position.index, room);
  writer.text("  #");
  sink(index);
  writer.spaces(2 + (position.index_width > index.size() ? position.index_width - index.size() : 0));
  writer.hex(frame.pc, 16);
  writer.text("  ");
  if (position.is_doubtful) {
    writer.begin_colour(detail::Colour::bad);
    writer.text("?");
    writer.end_colour();
    writer.text(" ");
  }
  writer.function(options.symbols.find(frame.address()));
  writer.text("  ");
  writer.text(to_string(frame.source));

  if (!frame.evidence.is_empty() || frame.special != SpecialKind::none) {
    writer.text("  ");
    writer.begin_colour(position.is_doubtful ? detail::Colour::bad : detail::Colour::good);
    writer.text("[");
    if (writer.evidence(frame.evidence) != 0 && frame.special != SpecialKind::none) writer.text(",");
    if (frame.special != SpecialKind::none) writer.text(to_string(frame.special));
    writer.text("]");
    writer.end_colour();
  }
  writer.text("\n");
}

/// Frames that are the same as those just before them, as a recursion leaves them.
struct Repeat {
  /// How many frames before them are repeated: 1 where a function calls itself, 2 where it does so through another.
  std::size_t period = 0;
  /// How many frames repeat them, a multiple of the period; 0 if none do.
  std::size_t frame_count = 0;
};

/// The frames from `index` on that repeat the 1 to 8 frames before it at least once, and are 2 or more. Doubt has to be
/// the same as well. For those who print frame by frame. Reads the frames only; O(frame_count).
[[nodiscard]] Repeat find_repeat(const Trace& trace, std::size_t index) noexcept;

/// Prints in place of the frames of find_repeat() one line:
///
///   ...  #3 to #198 repeat #1 to #2
template <TextSink S>
void print_repeat(const Repeat& repeat, std::size_t index, const PrintOptions& options, S&& sink) noexcept {
  detail::TextWriter writer(sink, options.use_colour);
  writer.text("  ...  #");
  writer.decimal(index);
  writer.text(" to #");
  writer.decimal(index + repeat.frame_count - 1);
  writer.text(" repeat #");
  writer.decimal(index - repeat.period);
  if (repeat.period > 1) {
    writer.text(" to #");
    writer.decimal(index - 1);
  }
  writer.text("\n");
}

/// Prints the frames, one a line (print_frame), those that repeat others in one line (print_repeat), and below those of
/// an unreliable trace where and why it ended:
///
///   stop  0x0000000040091000  off_stack
///
/// Names come from `symbols_of`, frame by frame, and not from the options.
template <TextSink S, SymbolSource F>
void print_trace(const Trace& trace, const PrintOptions& options, S&& sink, F&& symbols_of) noexcept {
  detail::NumberText room;
  const std::size_t count = trace.frames.size();
  const std::size_t index_width = detail::to_decimal(count == 0 ? 0 : count - 1, room).size();
  for (std::size_t i = 0; i < count;) {
    if (const Repeat repeat = find_repeat(trace, i); repeat.frame_count != 0) {
      print_repeat(repeat, i, options, sink);
      i += repeat.frame_count;
      continue;
    }
    const Frame& frame = trace.frames[i];
    const FramePosition position{
        .index = i, .index_width = index_width, .is_doubtful = i >= trace.verdict.first_doubtful};
    print_frame(frame, position, {.symbols = symbols_of(frame), .use_colour = options.use_colour}, sink);
    ++i;
  }
  if (trace.verdict.is_reliable()) return;
  detail::TextWriter writer(sink, options.use_colour);
  writer.text("  stop  ");
  writer.hex(trace.verdict.stop_at, 16);
  writer.text("  ");
  writer.text(to_string(trace.verdict.stop));
  writer.text("\n");
}

/// The same, with the names of the options.
template <TextSink S>
void print_trace(const Trace& trace, const PrintOptions& options, S&& sink) noexcept {
  print_trace(trace, options, sink, [&](const Frame&) noexcept { return options.symbols; });
}

/// Prints the frames of a user program, marked apart from the kernel's, and where and why they end:
///
///   user  #0  0x0000000000401234  main+0x34/0x80
///   user  #1  0x0000000000402000  -
///   user  stop  0x0000000000000000  chain_end
///
/// The names are those of the options: of a program that the kernel knows, if any.
template <TextSink S>
void print_user_trace(const UserTrace& trace, const PrintOptions& options, S&& sink) noexcept {
  detail::TextWriter writer(sink, options.use_colour);
  for (std::size_t i = 0; i < trace.pcs.size(); ++i) {
    writer.text("  user  #");
    writer.decimal(i);
    writer.text("  ");
    writer.hex(trace.pcs[i], 16);
    writer.text("  ");
    writer.function(options.symbols.find(trace.address(i)));
    writer.text("\n");
  }
  writer.text("  user  stop  ");
  writer.hex(trace.stop_at, 16);
  writer.text("  ");
  writer.text(to_string(trace.stop));
  writer.text("\n");
}

/// Prints the verdict, without an end of line:
///
///   policy=strict verdict=unreliable stop=off_stack evidence=crossed_exception,not_text frames=7
///
/// Without evidence it is `evidence=none`.
template <TextSink S>
void print_verdict(const Verdict& verdict, std::size_t frame_count, Policy policy, const PrintOptions& options,
                   S&& sink) noexcept {
  detail::TextWriter writer(sink, options.use_colour);
  writer.text("policy=");
  writer.text(to_string(policy));
  writer.text(" verdict=");
  writer.begin_colour(verdict.is_reliable() ? detail::Colour::good : detail::Colour::bad);
  writer.text(to_string(verdict.reliability));
  writer.end_colour();
  writer.text(" stop=");
  writer.text(to_string(verdict.stop));
  writer.text(" evidence=");
  if (writer.evidence(verdict.evidence) == 0) writer.text("none");
  writer.text(" frames=");
  writer.decimal(frame_count);
}

/// Prints what check_port() found, one finding a line, and how many had no room in the buffer:
///
///   port: error vector_not_special index=5 address=0x0000000040200a80
///   port: error code_map_refused index=1 address=0x0000000040280000 fault=overlapping_regions
///   port: 3 more
template <TextSink S>
void print_findings(std::span<const PortFinding> buffer, const PortResult& result, S&& sink) noexcept {
  const std::size_t told = result.found < buffer.size() ? result.found : buffer.size();
  detail::TextWriter writer(sink, false);
  for (const PortFinding& finding : buffer.first(told)) {
    writer.text("port: ");
    writer.text(to_string(severity_of(finding.problem)));
    writer.text(" ");
    writer.text(to_string(finding.problem));
    writer.text(" index=");
    writer.decimal(finding.index);
    writer.text(" address=");
    writer.hex(finding.address, 16);
    if (const char* const fault = fault_name(finding); *fault != '\0') {
      writer.text(" fault=");
      writer.text(fault);
    }
    writer.text("\n");
  }
  if (told == result.found) return;
  writer.text("port: ");
  writer.decimal(result.found - told);
  writer.text(" more\n");
}

}  // namespace surefoot
