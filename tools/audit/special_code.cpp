// SPDX-License-Identifier: MIT
//
// Code that has to be in the special-range table, as far as it can be told by its names and its instructions.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>

#include "audit/checks.hpp"
#include "audit/encoding.hpp"
#include "code/flow.hpp"
#include "flow/constants.hpp"

namespace surefoot::tools {
namespace {

// Linux's names, which others follow.
constexpr std::array<std::string_view, 6> trampolines{"ftrace_caller", "ftrace_regs_caller", "ftrace_common",
                                                      "ftrace_call",   "ftrace_graph_call",  "ftrace_graph_caller"};
constexpr std::array<std::string_view, 4> return_trampolines{"return_to_handler", "__kretprobe_trampoline",
                                                             "kretprobe_trampoline", "arch_rethook_trampoline"};
constexpr std::array<std::string_view, 6> vector_tables{
    "exception_vectors", "exception_vector_table", "vectors", "__vectors", "vector_table", "__exception_vectors"};

constexpr std::uint64_t vector_size = 128;
constexpr std::uint64_t vector_table_size = 16 * vector_size;  // also its alignment [arm-arm, VBAR_EL1]

class SpecialCode {
 public:
  SpecialCode(const Image& image, const SpecialTable& special) : image_(image), special_(special) {}

  Findings find() {
    scan_functions();
    for (const std::string_view name : trampolines) require_trampoline(name, false);
    for (const std::string_view name : return_trampolines) require_trampoline(name, true);
    for (const std::string_view name : vector_tables) {
      const Symbol* symbol = image_.find_symbol(name);
      if (symbol != nullptr && symbol->address % vector_table_size == 0) vectors_.push_back(symbol->address);
    }
    std::ranges::sort(vectors_);
    const auto repeated = std::ranges::unique(vectors_);
    vectors_.erase(repeated.begin(), repeated.end());
    for (const std::uint64_t table : vectors_) require_vectors(table);
    for (const std::uint64_t address : exception_returns_) require_exception_return(address);
    return std::move(findings_);
  }

 private:
  // Collects the vector tables, the calls, and each function's first exception return.
  void scan_functions() {
    for (const Function& function : image_.functions()) {
      Constants constants;
      bool has_exception_return = false;
      for (std::uint64_t pc = function.start; pc < function.end; pc += 4) {
        const std::optional<std::uint32_t> word = image_.instruction_at(pc);
        if (!word) {
          constants.forget();
          continue;
        }
        if (const auto source = vector_base_source(*word); source && constants[*source]) {
          vectors_.push_back(constants[*source]->value);
        }
        const Flow flow = flow_of(*word, pc);
        if (flow.kind == Flow::Kind::call) called_.insert(flow.target);
        if (flow.kind == Flow::Kind::exception_return && !has_exception_return && !is_special(pc)) {
          has_exception_return = true;
          exception_returns_.push_back(pc);
        }
        constants.step(pc, *word);
      }
    }
  }

  [[nodiscard]] bool is_special(std::uint64_t address) const { return special_.is_special_code(address); }

  Finding& add(FindingKind kind, std::uint64_t address, std::string detail) {
    Finding finding = make_finding(kind, address, std::move(detail));
    place(image_, finding);
    return findings_.emplace_back(std::move(finding));
  }

  void require_trampoline(std::string_view name, bool is_return_hook) {
    const Symbol* symbol = image_.find_symbol(name);
    if (symbol == nullptr || !image_.instruction_at(symbol->address)) return;
    const SpecialRange range = special_.ranges().find(symbol->address);
    if (is_return_hook && range.is_special() && !range.is_return_hook_at(symbol->address)) {
      add(FindingKind::trampoline_not_special, symbol->address,
          fmt::format("is in a range of kind {} that does not make it a return hook", surefoot::to_string(range.kind)));
    } else if (!range.is_special()) {
      add(FindingKind::trampoline_not_special, symbol->address, "is in no special range");
    }
  }

  // The vectors, and what they branch to.
  void require_vectors(std::uint64_t table) {
    for (std::uint64_t entry = table; entry < table + vector_table_size; entry += vector_size) {
      for (std::uint64_t pc = entry; pc < entry + vector_size; pc += 4) {
        const std::optional<std::uint32_t> word = image_.instruction_at(pc);
        if (!word || is_padding(*word)) continue;
        if (!is_special(pc)) {
          add(FindingKind::exception_vectors_not_special, pc,
              fmt::format("is in vector {} of the table at {:#x}", (entry - table) / vector_size, table));
          break;
        }
        const Flow flow = flow_of(*word, pc);
        if (!flow.is_direct_jump() || is_special(flow.target) || !image_.instruction_at(flow.target)) continue;
        add(FindingKind::exception_vectors_not_special, flow.target,
            fmt::format("is where vector {} of the table at {:#x} leads", (entry - table) / vector_size, table));
      }
    }
  }

  void require_exception_return(std::uint64_t address) {
    const Function* function = image_.find_function(address);
    const bool is_called = function != nullptr && called_.contains(function->start);
    Finding& finding = add(FindingKind::exception_return_not_special, address,
                           is_called ? "eret in a function that is called" : "eret in code that nothing calls by bl");
    // What was called had a return address in x30 at least at its start.
    if (is_called) finding.level = Level::warning;
  }

  const Image& image_;
  const SpecialTable& special_;
  std::vector<std::uint64_t> vectors_;
  std::vector<std::uint64_t> exception_returns_;
  std::unordered_set<std::uint64_t> called_;
  Findings findings_;
};

// One finding for all, where there is no table to put it right in.
Finding missing_table(const Image& image, const SpecialTable& special, Findings needed) {
  std::ranges::sort(needed, {}, &Finding::address);
  constexpr std::size_t max_named = 3;
  std::string text = special.is_present() ? "the table is empty, but the image has" : "no table, but the image has";
  for (std::size_t i = 0; i < std::min(needed.size(), max_named); ++i) {
    text += fmt::format("{} {}", i == 0 ? "" : ",", name_of(image, needed[i].address));
  }
  if (needed.size() > max_named) text += fmt::format(" and {} more", needed.size() - max_named);
  Finding finding = make_finding(FindingKind::special_ranges_missing, needed.front().address, std::move(text));
  place(image, finding);
  return finding;
}

}  // namespace

void check_special_code(const Image& image, const SpecialTable& special, Findings& findings) {
  if (!special.check()) return;  // a finding already; what it covers is anybody's guess
  const Findings needed = SpecialCode(image, special).find();
  if (!needed.empty() && special.entry_count() == 0) {
    findings.push_back(missing_table(image, special, needed));
  } else {
    findings.insert(findings.end(), needed.begin(), needed.end());
  }
}

}  // namespace surefoot::tools
