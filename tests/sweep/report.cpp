// SPDX-License-Identifier: MIT
#include "sweep/report.hpp"

#include "console/console.hpp"
#include "surefoot/print.hpp"

namespace sweep {
namespace {

namespace console = kernel::console;
using surefoot::CodeAddress;

constexpr unsigned max_reports = 3;
constexpr unsigned max_functions = 64;

constinit surefoot::PrintOptions options{};
constinit const char* workload_name = "";
constinit const char* mode_name = nullptr;
constinit unsigned reports = 0;

constexpr auto console_sink = [](std::span<const char> text) noexcept { console::write(text); };

void print_name(const char* workload, const char* mode) noexcept {
  console::write(workload);
  if (mode != nullptr) console::print("/", mode);
}

void print_symbol(CodeAddress address) noexcept {
  const surefoot::Symbol symbol = options.symbols.find(address);
  if (!symbol.is_known()) return console::write("?");
  print_name(symbol.name, console_sink);
  console::print("+", console::hex(symbol.offset));
}

// By the name that clang gives it.
bool is_outlined(const surefoot::SymbolName& name) noexcept { return name.starts_with("OUTLINED_FUNCTION_"); }

void print_place(const char* what, const surefoot::ExceptionFrame& frame, const Truth& truth) noexcept {
  console::print("failure ", what, " in ");
  print_name(workload_name, mode_name);
  console::print("\n  at ", console::hex(frame.pc, 16), " instruction ", console::hex(word_at(frame.pc), 8), "  ");
  print_symbol(CodeAddress(frame.pc, CodeAddress::Kind::exact));
  console::print("\n  after ", console::hex(truth.last().pc, 16), " instruction ", console::hex(truth.last().word, 8),
                 "\n  fp ", console::hex(frame.fp, 16), " sp ", console::hex(frame.sp, 16), " lr ",
                 console::hex(frame.lr, 16), " x9 ", console::hex(frame.x[9], 16), "\n");
}

void print_expected(std::uint64_t index, std::uint64_t pc, CodeAddress::Kind kind) noexcept {
  console::print("  expected #", index, "  ", console::hex(pc, 16), "  ");
  print_symbol(CodeAddress(pc, kind));
}

void print_truth(std::uint64_t pc, bool from_call, const Truth& truth) noexcept {
  std::uint64_t index = 0;
  if (!from_call) {
    print_expected(index++, pc, CodeAddress::Kind::exact);
    console::print("\n");
  }
  const std::span<const Level> levels = truth.levels();
  for (std::size_t i = levels.size(); i > 0; --i) {
    const Level& level = levels[i - 1];
    print_expected(index++, level.address, CodeAddress::Kind::return_address);
    if (level.redirected_to != 0) {
      console::print(level.is_decided ? ", redirected to " : ", perhaps redirected to ",
                     console::hex(level.redirected_to, 16));
    }
    console::print("\n");
  }
}

}  // namespace

void initialize_report(const surefoot::Symbols& symbols) noexcept { options.symbols = symbols; }

void set_workload(const char* workload, const char* mode) noexcept {
  workload_name = workload;
  mode_name = mode;
}

void report_failure(const char* what, const surefoot::ExceptionFrame& frame, const surefoot::Trace& trace,
                    bool from_call, const Truth& truth) noexcept {
  if (reports++ >= max_reports) return;
  print_place(what, frame, truth);
  console::print("  walk from the ", from_call ? "call before" : "instruction", "\n");
  for (const surefoot::Policy policy : {surefoot::Policy::strict, surefoot::Policy::exact}) {
    surefoot::Verdict verdict = trace.verdict;
    verdict.reliability = classify(policy, verdict.evidence, verdict.stop);
    console::print("  ");
    print_verdict(verdict, trace.frames.size(), policy, options, console_sink);
    console::print("\n");
  }
  print_truth(frame.pc, from_call, truth);
  print_trace(trace, options, console_sink);
}

void report_broken_truth(const surefoot::ExceptionFrame& frame, const Truth& truth) noexcept {
  print_place(truth.failure(), frame, truth);
  print_truth(frame.pc, false, truth);
}

void report_broken(const char* what) noexcept {
  console::print("failure ", what, " in ");
  print_name(workload_name, mode_name);
  console::print("\n");
}

void print_counts(const char* workload, const char* mode, const Counts& counts) noexcept {
  console::print("sweep ");
  print_name(workload, mode);
  console::print(" steps=", counts.steps, " strict_reliable=", counts.strict_reliable,
                 " exact_reliable=", counts.exact_reliable, " false_reliable=", counts.false_reliable,
                 " wrong_frames=", counts.wrong_frames, " in_trampoline=", counts.in_trampoline,
                 " in_trampoline_exact=", counts.in_trampoline_exact, "\n");
}

void print_excepted(const Counts& counts) noexcept {
  for (std::size_t i = 0; i < excepted_count; ++i) {
    if (counts.excepted[i] == 0) continue;
    console::print("excepted ", excepted_places[i].hazard, " steps=", counts.excepted[i], "  ", excepted_places[i].why,
                   "\n");
  }
}

void print_inexact(const CodeMap& code) noexcept {
  unsigned functions = 0;
  const std::uint64_t end = code.text().end();
  for (std::uint64_t pc = code.text().start(); pc < end;) {
    if (code.inexact(pc) == 0) {
      pc += surefoot::instruction_size;
      continue;
    }
    // The rest of the function that it is in.
    const surefoot::Symbol symbol = options.symbols.find(CodeAddress(pc, CodeAddress::Kind::exact));
    std::uint64_t instructions = 0;
    std::uint64_t steps = 0;
    for (; pc < end; pc += surefoot::instruction_size) {
      const surefoot::Symbol other = options.symbols.find(CodeAddress(pc, CodeAddress::Kind::exact));
      if (other.name != symbol.name) break;
      if (code.inexact(pc) == 0) continue;
      ++instructions;
      steps += code.inexact(pc);
    }
    if (++functions <= max_functions) {
      console::write("inexact ");
      symbol.is_known() ? print_name(symbol.name, console_sink) : console::write("?");
      console::print(" instructions=", instructions, " steps=", steps, "\n");
    }
  }
  if (functions > max_functions) console::print("inexact: ", functions - max_functions, " more functions\n");
}

void print_outlined(const CodeMap& code) noexcept {
  unsigned functions = 0;
  unsigned reached = 0;
  const std::uint64_t end = code.text().end();
  for (std::uint64_t pc = code.text().start(); pc < end;) {
    const surefoot::Symbol symbol = options.symbols.find(CodeAddress(pc, CodeAddress::Kind::exact));
    if (!symbol.is_known() || !is_outlined(symbol.name)) {
      pc += surefoot::instruction_size;
      continue;
    }
    ++functions;
    bool is_reached = false;
    for (const std::uint64_t next = pc + symbol.size; pc < next; pc += surefoot::instruction_size) {
      is_reached |= code.was_reached(pc);
    }
    if (is_reached) ++reached;
  }
  if (functions != 0) console::print("outlined functions=", functions, " reached=", reached, "\n");
}

std::uint64_t print_unreached(const CodeMap& code) noexcept {
  std::uint64_t count = 0;
  const surefoot::AddressRange& text = code.text();
  for (std::uint64_t pc = text.start(); pc < text.end(); pc += surefoot::instruction_size) {
    if (!code.is_trampoline(pc) || code.was_reached(pc)) continue;
    ++count;
    console::print("unreached ", console::hex(pc, 16), "  ");
    print_symbol(CodeAddress(pc, CodeAddress::Kind::exact));
    console::print("\n");
  }
  return count;
}

}  // namespace sweep
