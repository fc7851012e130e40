// SPDX-License-Identifier: MIT
#include "vmcore_report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "decode/ink.hpp"
#include "elf/name.hpp"
#include "surefoot/print.hpp"
#include "vmcore_report/safe_name.hpp"
#include "vmcore_report/summary_text.hpp"

namespace surefoot::tools {
namespace {

class TaskWriter {
 public:
  TaskWriter(const TaskTrace& trace, bool has_colour) : trace_(trace), has_colour_(has_colour) {
    for (const NamedFrame& frame : trace.frames) frames_.push_back(frame.frame);
  }

  std::string write() {
    heading();
    for (std::size_t i = 0; i < frames_.size();) {
      const Repeat repeat = repeat_at(i);
      if (repeat.frame_count != 0) {
        fmt::format_to(out(), " ... #{} to #{} repeat #{} to #{}\n", i, i + repeat.frame_count - 1, i - repeat.period,
                       i - 1);
        i += repeat.frame_count;
        continue;
      }
      for (const SavedRegisters& saved : trace_.exceptions) {
        if (saved.frame == i) exception(saved);
      }
      frame(i);
      ++i;
    }
    // Those whose interrupted frame was not found.
    for (const SavedRegisters& saved : trace_.exceptions) {
      if (saved.frame >= frames_.size()) exception(saved);
    }
    for (const std::string& note : trace_.notes) fmt::format_to(out(), "    note: {}\n", printable_name(note));
    verdict();
    return std::move(text_);
  }

 private:
  std::back_insert_iterator<std::string> out() { return std::back_inserter(text_); }

  [[nodiscard]] std::string inked(Ink ink, std::string_view text) const {
    return painted(has_colour_ ? ink : Ink::plain, text);
  }

  // Frames that are folded must not hide an exception between them.
  [[nodiscard]] Repeat repeat_at(std::size_t index) const {
    const Repeat repeat = find_repeat({.frames = frames_, .verdict = trace_.verdict}, index);
    const bool hides = std::ranges::any_of(trace_.exceptions, [&](const SavedRegisters& saved) {
      return saved.frame >= index && saved.frame - index < repeat.frame_count;
    });
    return hides ? Repeat() : repeat;
  }

  void heading() {
    const TaskInfo& task = trace_.task;
    const std::string line = fmt::format("PID: {:<8} TASK: {:016x}  CPU: {:<3}  STATE: {}  COMMAND: {}", task.pid,
                                         task.address, task.cpu, safe_name({&task.state, 1}), quoted_name(task.name));
    text_ += inked(Ink::bold, line);
    if (task.is_running) text_ += inked(Ink::cyan, "  (running)");
    text_ += '\n';
  }

  void exception(const SavedRegisters& saved) {
    const std::string line = fmt::format("    --- exception: pc {:016x} lr {:016x} sp {:016x} pstate {:08x} ---",
                                         saved.pc, saved.lr, saved.sp, saved.pstate);
    text_ += inked(Ink::yellow, line) + '\n';
  }

  void frame(std::size_t index) {
    const NamedFrame& named = trace_.frames[index];
    const Frame& frame = named.frame;
    fmt::format_to(out(), "{:>3} {} ", fmt::format("#{}", index),
                   inked(Ink::faint, fmt::format("[{:016x}]", frame.pc)));
    if (index >= trace_.verdict.first_doubtful) text_ += inked(Ink::red, "?") + ' ';
    if (named.function.empty()) {
      text_ += '-';
    } else {
      fmt::format_to(out(), "{}+{:#x}", safe_name(named.function), named.offset);
      if (named.size != 0) fmt::format_to(out(), "/{:#x}", named.size);
    }
    if (!named.module.empty()) fmt::format_to(out(), " [{}]", safe_name(named.module));
    // The usual ways to find a frame are not worth a word.
    const bool is_usual = frame.source == Source::frame_record || (frame.source == Source::start && index == 0);
    if (!is_usual) fmt::format_to(out(), "  {}", to_string(frame.source));
    std::string evidence = names_of(frame.evidence, ",");
    if (frame.special != SpecialKind::none)
      evidence += (evidence.empty() ? "" : ",") + std::string(to_string(frame.special));
    if (!evidence.empty()) fmt::format_to(out(), "  {}", inked(Ink::yellow, '[' + evidence + ']'));
    text_ += '\n';
  }

  void verdict() {
    const Verdict& verdict = trace_.verdict;
    const Ink ink = verdict.is_reliable() ? Ink::green : Ink::red;
    fmt::format_to(out(), " => {} ({})", inked(ink, to_string(verdict.reliability)), to_string(verdict.policy));
    const std::string reasons = names_of(reasons_of(verdict), ", ");
    if (!reasons.empty()) fmt::format_to(out(), ": {}", inked(Ink::yellow, reasons));
    if (!is_complete(verdict.stop)) {
      fmt::format_to(out(), "{} stopped: {} at {:#x}", reasons.empty() ? ":" : ";",
                     inked(Ink::yellow, to_string(verdict.stop)), verdict.stop_at);
    } else if (verdict.stop != StopReason::final_record) {
      fmt::format_to(out(), ": {}", to_string(verdict.stop));
    }
    text_ += '\n';
  }

  const TaskTrace& trace_;
  bool has_colour_;
  std::vector<Frame> frames_;
  std::string text_;
};

std::string head_text(const DumpReport& report, bool has_colour) {
  const DumpFacts& facts = report.facts;
  std::string text;
  const auto line = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) fmt::format_to(std::back_inserter(text), "{:>9}: {}\n", name, printable_name(value));
  };
  constexpr unsigned kilo = 1024;
  line("DUMP", fmt::format("{}  ({})", facts.file, facts.format));
  line("RELEASE", facts.release);
  line("VERSION", facts.machine);
  line("BUILD ID", facts.build_id);
  line("CPUS", fmt::format("{}", facts.cpus));
  line("PAGES", fmt::format("{} KiB, {}-bit addresses", facts.page_size / kilo, facts.address_bits));
  line("SLIDE", fmt::format("{:#x}", facts.slide));
  line("PAC MASK", fmt::format("{:#x}", facts.pac_mask));
  line("POLICY", to_string(report.policy));
  for (const std::string& warning : facts.warnings) {
    text +=
        painted(has_colour ? Ink::yellow : Ink::plain, fmt::format("{:>9}: {}", "WARNING", printable_name(warning)));
    text += '\n';
  }
  return text;
}

}  // namespace

std::string text_of(const TaskTrace& trace, bool has_colour) { return TaskWriter(trace, has_colour).write(); }

std::string text_of(const DumpReport& report, const Summary& summary, const DumpLook& look) {
  std::string text = head_text(report, look.has_colour);
  if (!look.is_summary) {
    for (const TaskTrace& trace : report.tasks) text += '\n' + text_of(trace, look.has_colour);
  }
  return text + '\n' + summary_text(summary, look.has_colour, look.is_summary);
}

}  // namespace surefoot::tools
