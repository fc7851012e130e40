// SPDX-License-Identifier: MIT
//
// Traces with any frames, names and verdicts, printed: one line for each frame or each repeat of frames, of printable
// characters, with its number, its pc and its function on it, whatever the frame holds.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "require.hpp"
#include "support/random_source.hpp"
#include "support/symbol_table.hpp"
#include "surefoot/print.hpp"

using namespace surefoot;
using surefoot::testing::RandomSource;
using surefoot::testing::require;
using surefoot::testing::text_of;

namespace {

constexpr std::uint64_t table_at = 0x4000'0000;
constexpr std::size_t name_limit = 40;

// Longest: the number, the pc, name+offset/size, source, and in brackets each name of evidence and a kind. Each
// character of a name may be escaped.
constexpr std::size_t line_limit = 24 + 20 + 4 * name_limit + 40 + 20 + 30 * evidence_bit_count + 40;

std::vector<surefoot::testing::Function> random_functions(RandomSource& random) {
  std::vector<surefoot::testing::Function> functions;
  std::uint64_t at = 0x4008'0000;
  for (std::size_t count = random.below(6); count > 0; --count) {
    std::string name;
    for (std::size_t length = random.below(name_limit); length > 0; --length) {
      const char character = static_cast<char>(1 + random.below(255));
      name += character == '\\' ? '/' : character;  // it would be taken for the begin of an escape
    }
    const auto size = static_cast<std::uint32_t>(4 * (1 + random.below(40)));
    functions.push_back({.start = at, .size = size, .name = name});
    at += size + 4 * random.below(3);
  }
  return functions;
}

Frame random_frame(RandomSource& random) {
  const bool is_any = random.is_chosen(10);  // of no enumerator: as out of a damaged buffer
  return {.pc = random.is_chosen(80) ? 0x4008'0000 + random.below(0x200) : random.word(),
          .evidence = Evidence::from_bits(static_cast<std::uint32_t>(random.is_chosen(50) ? 0 : random.word())),
          .kind = random.is_chosen(50) ? CodeAddress::Kind::exact : CodeAddress::Kind::return_address,
          .source = static_cast<Source>(random.below(is_any ? 256 : 8)),
          .special = static_cast<SpecialKind>(random.below(is_any ? 256 : 10))};
}

std::string without_colours(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      const std::size_t end = text.find('m', i);
      require(end != std::string::npos && end - i <= 4, "an escape sequence has an end");
      i = end;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::string line;
  for (const char c : text) {
    if (c == '\n') {
      lines.push_back(std::move(line));
      line.clear();
    } else {
      require(c >= ' ' && c <= '~', "no control characters");
      line += c;
    }
  }
  require(line.empty(), "the last line has an end");
  return lines;
}

// The name without its escapes.
std::string plain_part(const std::string& line) {
  std::string plain;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 3 < line.size() && line[i + 1] == 'x') {
      plain += static_cast<char>(std::stoi(line.substr(i + 2, 2), nullptr, 16));
      i += 3;
    } else {
      plain += line[i];
    }
  }
  return plain;
}

void check_line(const std::string& line, const Frame& frame, std::size_t index, bool is_doubtful,
                const Symbols& symbols) {
  char pc[20];
  std::snprintf(pc, sizeof pc, "0x%016llx", static_cast<unsigned long long>(frame.pc));
  require(line.starts_with("  #" + std::to_string(index) + " "), "the number");
  require(line.find(pc) < 12, "the pc");
  require(line.size() <= line_limit, "the length");
  const Symbol symbol = symbols.find(frame.address());
  const std::string function = symbol.is_known() ? text_of(symbol.name) + "+0x" : "-  ";
  require(plain_part(line).find((is_doubtful ? "  ? " : "  ") + function) != std::string::npos, "the function");
  require(line.find(to_string(frame.source)) != std::string::npos, "the source");
}

// Checks a line that stands for several frames from `index` on, and returns how many.
std::size_t check_repeat(const std::string& line, const Trace& trace, std::size_t index) {
  const Repeat repeat = find_repeat(trace, index);
  require(repeat.frame_count > 1 && index + repeat.frame_count <= trace.frames.size(), "a repeat is of some frames");
  const auto number = [](std::size_t value) { return "#" + std::to_string(value); };
  std::string expected = "  ...  " + number(index) + " to " + number(index + repeat.frame_count - 1) + " repeat " +
                         number(index - repeat.period);
  if (repeat.period > 1) expected += " to " + number(index - 1);
  require(line == expected, "the line of a repeat");
  for (std::size_t i = index; i < index + repeat.frame_count; ++i) {
    const Frame& frame = trace.frames[i];
    const Frame& before = trace.frames[i - repeat.period];
    require(frame.pc == before.pc && frame.evidence == before.evidence && frame.source == before.source &&
                frame.special == before.special && frame.kind == before.kind,
            "a repeated frame is the one before");
    require((i >= trace.verdict.first_doubtful) == (i - repeat.period >= trace.verdict.first_doubtful),
            "a repeated frame is as doubtful");
  }
  return repeat.frame_count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RandomSource random(std::as_bytes(std::span(data, size)));
  const std::vector<std::uint32_t> table = surefoot::testing::symbol_table(table_at, random_functions(random));
  const PrintOptions options{.symbols = Symbols::make(table, table_at).value(), .use_colour = random.is_chosen(50)};
  std::vector<Frame> frames(random.below(20));
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::size_t back = 1 + random.below(3);
    frames[i] = i >= back && random.is_chosen(50) ? frames[i - back] : random_frame(random);
  }
  const Verdict verdict{.policy = static_cast<Policy>(random.below(2)),
                        .reliability = static_cast<Reliability>(random.below(2)),
                        .stop = static_cast<StopReason>(random.below(random.is_chosen(90) ? stop_reason_count : 256)),
                        .evidence = Evidence::from_bits(static_cast<std::uint32_t>(random.word())),
                        .first_doubtful = random.below(24),
                        .stop_at = random.word()};
  std::string text;
  const auto sink = [&text](std::span<const char> piece) noexcept { text.append(piece.data(), piece.size()); };
  const Trace trace{.frames = frames, .verdict = verdict};
  print_trace(trace, options, sink);
  const std::vector<std::string> lines = lines_of(without_colours(text));
  std::size_t next = 0;
  for (std::size_t i = 0; i < frames.size(); ++next) {
    require(next < lines.size(), "each frame is on a line");
    if (lines[next].starts_with("  ...")) {
      i += check_repeat(lines[next], trace, i);
    } else {
      check_line(lines[next], frames[i], i, i >= verdict.first_doubtful, options.symbols);
      ++i;
    }
  }
  require(lines.size() == next + (verdict.is_reliable() ? 0 : 1), "the end");
  if (!verdict.is_reliable()) {
    require(lines.back().ends_with(to_string(verdict.stop)), "why the walk ended");
  }
  text.clear();
  print_verdict(verdict, frames.size(), verdict.policy, options, sink);
  text += '\n';
  require(lines_of(without_colours(text)).size() == 1, "the verdict is one line");
  return 0;
}
