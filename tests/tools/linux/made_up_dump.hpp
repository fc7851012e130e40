// SPDX-License-Identifier: MIT
//
// Reports of dumps that are made up: tasks in a few words, with the frames and the verdict that a test is about.
#pragma once

#include <string>
#include <vector>

#include "linux/trace.hpp"

namespace surefoot::testing {

inline constexpr std::uint64_t text_at = 0xffff'8000'8001'0000;

/// The frame `function+0x10/0x40`, found in the usual way. Without a name it has no offset and no size.
inline tools::NamedFrame frame_of(const std::string& function) {
  tools::NamedFrame named;
  named.frame.pc = text_at;
  named.frame.kind = CodeAddress::Kind::return_address;
  named.frame.source = Source::frame_record;
  named.function = function;
  if (!function.empty()) {
    named.offset = 0x10;
    named.size = 0x40;
  }
  return named;
}

/// A sleeping thread of its own process, reliable in exact, with these functions, the innermost first.
inline tools::TaskTrace task_of(std::int64_t pid, const std::string& name, const std::vector<std::string>& functions) {
  tools::TaskTrace trace;
  trace.task = {.pid = pid,
                .tgid = pid,
                .name = name,
                .address = 0xffff'0000'c5a4'b900,
                .state = 'S',
                .cpu = 1,
                .is_running = false,
                .is_idle = false,
                .is_user = true,
                .switches = 7};
  for (const std::string& function : functions) {
    trace.frames.push_back(frame_of(function));
    trace.frames.back().frame.pc += 0x100 * trace.frames.size();
  }
  trace.verdict = {.policy = Policy::exact,
                   .reliability = Reliability::reliable,
                   .stop = StopReason::final_record,
                   .evidence = {},
                   .first_doubtful = functions.size(),
                   .stop_at = 0xffff'8000'8123'3eb0};
  return trace;
}

/// The same trace judged otherwise.
inline tools::TaskTrace doubted(tools::TaskTrace trace, Evidence evidence, std::size_t first_doubtful,
                                StopReason stop = StopReason::final_record) {
  trace.verdict.reliability = Reliability::unreliable;
  trace.verdict.evidence = evidence;
  trace.verdict.first_doubtful = first_doubtful;
  trace.verdict.stop = stop;
  if (first_doubtful < trace.frames.size()) trace.frames[first_doubtful].frame.evidence = evidence;
  return trace;
}

inline tools::DumpReport report_of(std::vector<tools::TaskTrace> tasks) {
  tools::DumpReport report;
  report.facts = {.file = "vmcore",
                  .format = "ELF",
                  .release = "6.12.0-arm64",
                  .machine = "#1 SMP",
                  .build_id = "0123abcd",
                  .slide = 0x1000'0000,
                  .pac_mask = 0xff00'0000'0000'0000,
                  .address_bits = 48,
                  .page_size = 4096,
                  .cpus = 2,
                  .warnings = {}};
  report.policy = Policy::exact;
  report.tasks = std::move(tasks);
  return report;
}

}  // namespace surefoot::testing
