// SPDX-License-Identifier: MIT
#include "linux/walked_world.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "surefoot/evidence.hpp"

namespace surefoot::testing {

tools::DumpRequest request_of(const DumpWorld& world, const TestFile& file, Policy policy) {
  return {.dump = file.path(),
          .vmlinux = world.vmlinux(),
          .modules = {},
          .raw_base = {},
          .pid = {},
          .policy = policy,
          .cache_folder = {},
          .is_without_cache = true};
}

std::expected<tools::DumpReport, std::string> try_world(DumpWorld& world, Policy policy) {
  const TestFile file(world.core());
  return tools::read_linux_dump(request_of(world, file, policy), {});
}

tools::DumpReport read_world(DumpWorld& world, Policy policy) {
  auto report = try_world(world, policy);
  if (report) return std::move(*report);
  std::cerr << report.error() << '\n';
  std::abort();
}

tools::TaskTrace trace_of(const tools::DumpReport& report, std::int64_t pid) {
  const auto found =
      std::ranges::find_if(report.tasks, [pid](const tools::TaskTrace& trace) { return trace.task.pid == pid; });
  if (found != report.tasks.end()) return *found;
  std::cerr << "no task has the pid " << pid << '\n';
  std::abort();
}

tools::TaskTrace walk_in(DumpWorld& world, std::int64_t pid, Policy policy) {
  return trace_of(read_world(world, policy), pid);
}

std::vector<std::uint64_t> pcs_of(const tools::TaskTrace& trace) {
  std::vector<std::uint64_t> pcs;
  for (const tools::NamedFrame& frame : trace.frames) pcs.push_back(frame.frame.pc);
  return pcs;
}

std::vector<std::string> functions_of(const tools::TaskTrace& trace) {
  std::vector<std::string> functions;
  for (const tools::NamedFrame& frame : trace.frames) functions.push_back(frame.function);
  return functions;
}

std::string text_of(const tools::TaskTrace& trace) {
  std::ostringstream text;
  const auto write_evidence = [&text](Evidence evidence) {
    for (unsigned bit = 0; bit < evidence_bit_count; ++bit) {
      if (evidence.has(static_cast<EvidenceBit>(bit))) text << ' ' << to_string(static_cast<EvidenceBit>(bit));
    }
    text << '\n';
  };
  for (const tools::NamedFrame& frame : trace.frames) {
    text << std::hex << frame.frame.pc << ' ' << frame.function << "+0x" << frame.offset << ' '
         << to_string(frame.frame.source);
    write_evidence(frame.frame.evidence);
  }
  text << to_string(trace.verdict.reliability) << ' ' << to_string(trace.verdict.stop) << " at " << std::hex
       << trace.verdict.stop_at;
  write_evidence(trace.verdict.evidence);
  for (const std::string& note : trace.notes) text << note << '\n';
  return text.str();
}

bool is_said(const std::vector<std::string>& texts, const std::string& what) {
  return std::ranges::any_of(texts, [&](const std::string& text) { return text.contains(what); });
}

}  // namespace surefoot::testing
