// SPDX-License-Identifier: MIT
#include "vmcore_report/summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <unordered_map>

namespace surefoot::tools {
namespace {

// A blocked task is in these, whatever it waits for.
constexpr std::string_view of_scheduler[] = {"__switch_to",
                                             "__schedule",
                                             "__schedule_loop",
                                             "schedule",
                                             "schedule_idle",
                                             "schedule_preempt_disabled",
                                             "schedule_rtlock",
                                             "schedule_timeout",
                                             "schedule_timeout_idle",
                                             "schedule_timeout_interruptible",
                                             "schedule_timeout_killable",
                                             "schedule_timeout_uninterruptible",
                                             "schedule_hrtimeout",
                                             "schedule_hrtimeout_range",
                                             "schedule_hrtimeout_range_clock",
                                             "io_schedule",
                                             "io_schedule_timeout",
                                             "preempt_schedule",
                                             "preempt_schedule_common",
                                             "preempt_schedule_irq",
                                             "preempt_schedule_notrace",
                                             "__cond_resched"};

// The name of the function, or the address of one without.
std::string top_of(const TaskTrace& trace) {
  for (const NamedFrame& frame : trace.frames) {
    if (frame.function.empty()) return fmt::format("{:#x}", frame.frame.pc);
    if (!is_of_scheduler(frame.function)) return frame.function;
  }
  return {};
}

}  // namespace

Evidence reasons_of(const Verdict& verdict) {
  Evidence reasons;
  for (const EvidenceBit bit : bits_of(verdict.evidence)) {
    if (is_doubtful(verdict.policy, bit)) reasons |= bit;
  }
  return reasons;
}

std::vector<EvidenceBit> bits_of(Evidence evidence) {
  std::vector<EvidenceBit> bits;
  for (unsigned i = 0; i < evidence_bit_count; ++i) {
    const auto bit = static_cast<EvidenceBit>(std::uint32_t{1} << i);
    if (evidence.has(bit)) bits.push_back(bit);
  }
  return bits;
}

bool is_of_scheduler(std::string_view function) {
  return std::ranges::find(of_scheduler, function.substr(0, function.find('.'))) != std::end(of_scheduler);
}

std::string scheduler_functions() { return fmt::format("{}", fmt::join(of_scheduler, ", ")); }

Summary summarize(const DumpReport& report) {
  Summary summary;
  std::unordered_map<std::string, std::size_t> top;
  for (const TaskTrace& trace : report.tasks) {
    ++summary.tasks;
    ++(trace.verdict.is_reliable() ? summary.reliable : summary.unreliable);
    ++summary.stops[static_cast<std::size_t>(trace.verdict.stop)];
    ++summary.states[trace.task.state];
    for (const EvidenceBit bit : bits_of(reasons_of(trace.verdict))) {
      ++summary.reasons[static_cast<std::size_t>(std::countr_zero(static_cast<std::uint32_t>(bit)))];
    }
    if (std::string function = top_of(trace); !function.empty()) ++top[std::move(function)];
  }
  summary.top.assign(top.begin(), top.end());
  std::ranges::sort(summary.top, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return summary;
}

bool is_whole(const DumpReport& report) {
  return report.facts.warnings.empty() && std::ranges::none_of(report.tasks, [](const TaskTrace& trace) {
           return trace.verdict.stop == StopReason::unreadable;
         });
}

}  // namespace surefoot::tools
