// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "surefoot/frame.hpp"

namespace corrupt_dump {

std::string Report::place(std::uint64_t pc) const {
  surefoot::tools::NamedFrame frame;
  frame.frame.pc = pc;
  frame.frame.kind = surefoot::CodeAddress::Kind::return_address;
  dump_.name(frame);
  return frame.function.empty() ? "?" : fmt::format("{}+{:#x}", frame.function, frame.offset);
}

// From two frames before the traces part on.
void Report::print_trace(const TaskTrace& trace, const TaskTrace& other) const {
  const auto parts = std::ranges::mismatch(
      trace.frames, other.frames, {}, [](const auto& f) { return f.frame.pc; },
      [](const auto& f) { return f.frame.pc; });
  const auto at = static_cast<std::size_t>(parts.in1 - trace.frames.begin());
  for (std::size_t i = at < 3 ? 0 : at - 3; i < std::min(trace.frames.size(), at + 7); ++i) {
    surefoot::tools::NamedFrame frame = trace.frames[i];
    dump_.name(frame);
    fmt::print("    {}#{} {:x} {}+{:#x} {} {:#x}\n", i == at ? ">" : " ", i, frame.frame.pc, frame.function,
               frame.offset, surefoot::to_string(frame.frame.source), frame.frame.evidence.bits());
  }
}

std::string Report::saved_register(const TaskTrace& before, std::uint64_t address) const {
  const surefoot::ExceptionLayout& layout = dump_.layouts().exception;
  for (const auto& exception : before.exceptions) {
    const std::uint64_t offset = address - exception.at;
    if (offset >= layout.size) continue;
    if (offset == layout.pc) return "pc";
    if (offset == layout.sp) return "sp";
    if (offset == layout.fp) return "fp";
    if (offset == layout.lr) return "lr";
    if (offset == layout.pstate) return "pstate";
    return fmt::format("word {:#x} of its frame", offset);
  }
  return "";
}

void Report::hear(const Finding& finding) {
  const TaskTrace& before = finding.victim.exact;
  const bool is_one = finding.before.size() == 1;
  const auto parts = std::ranges::mismatch(
      before.frames, finding.trace.frames, {}, [](const auto& f) { return f.frame.pc; },
      [](const auto& f) { return f.frame.pc; });
  const std::string inner = parts.in1 == before.frames.begin() ? "" : place((parts.in1 - 1)->frame.pc);
  std::string what = finding.outcome == Outcome::wrong ? inner : "";
  if (finding.outcome == Outcome::exception) what = saved_register(before, finding.before.front().address);
  const std::string key = fmt::format("{} {} {}", is_one ? "word" : "record", to_string(finding.outcome), what);
  if (++seen_[key] > most_examples_) return;
  fmt::print("{}: pid {} {} ({})\n", key, finding.victim.task.pid, finding.victim.task.name,
             surefoot::to_string(finding.trace.verdict.policy));
  for (std::size_t i = 0; i < finding.before.size(); ++i) {
    fmt::print("  [{:x}] {:x} -> {:x}\n", finding.before[i].address, finding.before[i].value, finding.after[i].value);
  }
  fmt::print("  before ({}, {}):\n", before.frames.size(), surefoot::to_string(before.verdict.reliability));
  print_trace(before, finding.trace);
  fmt::print("  after ({}):\n", finding.trace.frames.size());
  print_trace(finding.trace, before);
}

void Report::print_totals(const std::string& name, const Campaign& campaign) const {
  for (const auto& [key, count] : seen_) fmt::print("{:8} {}\n", count, key);
  const auto print = [&](const char* what, const Counts& counts) {
    fmt::print("{} {}: {} walks", name, what, counts.walks);
    for (unsigned i = 0; i < outcome_count; ++i) {
      fmt::print(", {} {}", to_string(static_cast<Outcome>(i)), counts.of[i]);
    }
    fmt::print("\n");
  };
  print("record strict", campaign.one_record[0]);
  print("record exact", campaign.one_record[1]);
  fmt::print("{}: {} words, of which walks use {}\n", name, campaign.words, campaign.words_used);
  print("word strict", campaign.one_word[0]);
  print("word exact", campaign.one_word[1]);
}

}  // namespace corrupt_dump
