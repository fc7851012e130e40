// SPDX-License-Identifier: MIT
//
// Traces with any frames and verdicts, printed: one line for each frame, of printable characters, with its number, its
// pc and its function on it, whatever the frame holds.
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

namespace {

constexpr std::uint64_t table_at = 0x4000'0000;
constexpr std::size_t name_limit = 40;

// Longest: the number, the pc, name+offset/size, source, and in brackets each name of evidence and a kind.
constexpr std::size_t line_limit = 24 + 20 + name_limit + 40 + 20 + 30 * evidence_bit_count + 40;

std::vector<surefoot::testing::Function> random_functions(RandomSource& random) {
  std::vector<surefoot::testing::Function> functions;
  std::uint64_t at = 0x4008'0000;
  for (std::size_t count = random.below(6); count > 0; --count) {
    std::string name;
    for (std::size_t length = random.below(name_limit); length > 0; --length) {
      name += static_cast<char>(' ' + static_cast<char>(random.below(95)));
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

void check_line(const std::string& line, const Frame& frame, std::size_t index, const Symbols& symbols) {
  char pc[20];
  std::snprintf(pc, sizeof pc, "0x%016llx", static_cast<unsigned long long>(frame.pc));
  require(line.starts_with("  #" + std::to_string(index) + " "), "the number");
  require(line.find(pc) < 12, "the pc");
  require(line.size() <= line_limit, "the length");
  const Symbol symbol = symbols.find(frame.address());
  const std::string function = symbol.is_known() ? std::string("  ") + symbol.name + "+0x" : "  ?  ";
  require(line.find(function) != std::string::npos, "the function");
  require(line.find(to_string(frame.source)) != std::string::npos, "the source");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RandomSource random(std::as_bytes(std::span(data, size)));
  const std::vector<std::uint32_t> table = surefoot::testing::symbol_table(table_at, random_functions(random));
  const PrintOptions options{.symbols = Symbols::make(table, table_at).value(), .use_colour = random.is_chosen(50)};
  std::vector<Frame> frames(random.below(20));
  for (Frame& frame : frames) frame = random_frame(random);
  const Verdict verdict{.policy = static_cast<Policy>(random.below(2)),
                        .reliability = static_cast<Reliability>(random.below(2)),
                        .stop = static_cast<StopReason>(random.below(random.is_chosen(90) ? stop_reason_count : 256)),
                        .evidence = Evidence::from_bits(static_cast<std::uint32_t>(random.word())),
                        .first_doubtful = random.below(24),
                        .stop_at = random.word()};
  std::string text;
  const auto sink = [&text](std::span<const char> piece) noexcept { text.append(piece.data(), piece.size()); };
  print_trace({.frames = frames, .verdict = verdict}, options, sink);
  const std::vector<std::string> lines = lines_of(without_colours(text));
  require(lines.size() == frames.size() + (verdict.is_reliable() ? 0 : 1), "a line for each frame, and the end");
  for (std::size_t i = 0; i < frames.size(); ++i) check_line(lines[i], frames[i], i, options.symbols);
  if (!verdict.is_reliable()) {
    require(lines.back().ends_with(to_string(verdict.stop)), "why the walk ended");
  }
  text.clear();
  print_verdict(verdict, frames.size(), verdict.policy, options, sink);
  text += '\n';
  require(lines_of(without_colours(text)).size() == 1, "the verdict is one line");
  return 0;
}
