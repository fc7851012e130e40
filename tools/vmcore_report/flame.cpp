// SPDX-License-Identifier: MIT
#include "vmcore_report/flame.hpp"

#include <fmt/format.h>

#include <unordered_map>
#include <vector>

#include "elf/name.hpp"
#include "vmcore_report/safe_name.hpp"

namespace surefoot::tools {
namespace {

StackFrame frame_of(const NamedFrame& named, bool is_doubtful) {
  StackFrame frame{.name = {}, .kind = FrameKind::nobody, .is_doubtful = is_doubtful};
  if (named.function.empty()) {
    frame.name = fmt::format("{:#x}", named.frame.pc);
  } else {
    frame.name = safe_name(named.function);
    frame.kind = named.module.empty() ? FrameKind::image : FrameKind::module;
  }
  if (!named.module.empty()) frame.name = safe_name(named.module) + '!' + frame.name;
  return frame;
}

// The process, then what the trace has from its outermost frame on.
std::vector<StackFrame> stack_of(const TaskTrace& trace, const std::string& process) {
  std::vector<StackFrame> stack{{.name = safe_name(process), .kind = FrameKind::outside, .is_doubtful = false}};
  const Verdict& verdict = trace.verdict;
  if (verdict.stop == StopReason::no_stack) {
    stack.push_back({.name = "[no stack]", .kind = FrameKind::missing, .is_doubtful = !verdict.is_reliable()});
  } else if (!is_complete(verdict.stop)) {
    stack.push_back({.name = fmt::format("[stopped: {}]", to_string(verdict.stop)),
                     .kind = FrameKind::missing,
                     .is_doubtful = true});
  }
  for (std::size_t i = trace.frames.size(); i-- != 0;) {
    stack.push_back(frame_of(trace.frames[i], i >= verdict.first_doubtful));
  }
  return stack;
}

void count(Shares& shares, const Verdict& verdict) {
  ++shares.samples;
  ++(verdict.is_reliable() ? shares.reliable : shares.unreliable);
  ++shares.stops[static_cast<std::size_t>(verdict.stop)];
}

}  // namespace

std::expected<StackTree, std::string> stacks_of(const DumpReport& report) {
  // A process is called as its first thread is; an idle task is one by itself.
  std::unordered_map<std::int64_t, const std::string*> names;
  for (const TaskTrace& trace : report.tasks) {
    if (trace.task.pid == trace.task.tgid && !trace.task.is_idle) names.emplace(trace.task.tgid, &trace.task.name);
  }
  StackTreeBuilder builder;
  Shares shares;
  for (const TaskTrace& trace : report.tasks) {
    const auto leader = names.find(trace.task.tgid);
    const bool has_leader = leader != names.end() && !trace.task.is_idle;
    count(shares, trace.verdict);
    if (!builder.add(stack_of(trace, has_leader ? *leader->second : trace.task.name))) {
      return std::unexpected("too many different stacks for a flame graph");
    }
  }
  return std::move(builder).finish(shares);
}

std::string flame_graph_of(const DumpReport& report, const StackTree& tree) {
  const Shares& shares = tree.shares;
  const auto percent = [&](std::uint64_t part) {
    return shares.samples == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(shares.samples);
  };
  const GraphWords words{
      .title = printable_name(fmt::format("Tasks of {}", report.facts.file)),
      .summary = printable_name(fmt::format("{} tasks of Linux {}: {:.1f} % reliable, {:.1f} % unreliable ({})",
                                            shares.samples, report.facts.release, percent(shares.reliable),
                                            percent(shares.unreliable), to_string(report.policy))),
      .unit = "tasks",
      .outside = "a process"};
  return svg_text(tree, words);
}

}  // namespace surefoot::tools
