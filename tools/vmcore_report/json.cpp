// SPDX-License-Identifier: MIT
#include "vmcore_report/json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace surefoot::tools {
namespace {

using Json = nlohmann::ordered_json;

std::string hex(std::uint64_t value) { return fmt::format("{:#x}", value); }

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json names_of(Evidence evidence) {
  Json names = Json::array();
  for (const EvidenceBit bit : bits_of(evidence)) names.push_back(to_string(bit));
  return names;
}

Json json_of(const DumpFacts& facts) {
  return {{"file", facts.file},
          {"format", facts.format},
          {"release", facts.release},
          {"build_id", facts.build_id},
          {"slide", hex(facts.slide)},
          {"pac_mask", hex(facts.pac_mask)},
          {"address_bits", facts.address_bits},
          {"page_size", facts.page_size},
          {"cpus", facts.cpus},
          {"warnings", facts.warnings}};
}

Json json_of(const NamedFrame& named, bool is_doubtful) {
  const Frame& frame = named.frame;
  return {{"pc", hex(frame.pc)},
          {"function", named.function},
          {"offset", named.offset},
          {"size", named.size},
          {"module", named.module},
          {"kind", to_string(frame.kind)},
          {"source", to_string(frame.source)},
          {"special", to_string(frame.special)},
          {"evidence", names_of(frame.evidence)},
          {"is_doubtful", is_doubtful}};
}

Json json_of(const SavedRegisters& saved) {
  return {{"frame", saved.frame}, {"at", hex(saved.at)}, {"pc", hex(saved.pc)},        {"fp", hex(saved.fp)},
          {"sp", hex(saved.sp)},  {"lr", hex(saved.lr)}, {"pstate", hex(saved.pstate)}};
}

Json json_of(const Verdict& verdict) {
  return {{"reliability", to_string(verdict.reliability)},
          {"policy", to_string(verdict.policy)},
          {"stop", to_string(verdict.stop)},
          {"stop_at", hex(verdict.stop_at)},
          {"evidence", names_of(verdict.evidence)},
          {"first_doubtful", verdict.first_doubtful}};
}

Json json_of(const TaskTrace& trace) {
  const TaskInfo& task = trace.task;
  Json frames = Json::array();
  for (std::size_t i = 0; i != trace.frames.size(); ++i) {
    frames.push_back(json_of(trace.frames[i], i >= trace.verdict.first_doubtful));
  }
  Json exceptions = Json::array();
  for (const SavedRegisters& saved : trace.exceptions) exceptions.push_back(json_of(saved));
  return {{"pid", task.pid},
          {"tgid", task.tgid},
          {"name", task.name},
          {"address", hex(task.address)},
          {"state", std::string(1, task.state)},
          {"cpu", task.cpu},
          {"is_running", task.is_running},
          {"is_idle", task.is_idle},
          {"is_user", task.is_user},
          {"switches", task.switches},
          {"verdict", json_of(trace.verdict)},
          {"frames", std::move(frames)},
          {"exceptions", std::move(exceptions)},
          {"notes", trace.notes}};
}

Json json_of(const Summary& summary) {
  Json reasons = Json::object();
  for (unsigned i = 0; i < evidence_bit_count; ++i) {
    const auto bit = static_cast<EvidenceBit>(std::uint32_t{1} << i);
    if (summary.reasons[i] != 0) reasons[to_string(bit)] = summary.reasons[i];
  }
  Json stops = Json::object();
  for (unsigned i = 0; i < stop_reason_count; ++i) {
    if (summary.stops[i] != 0) stops[to_string(static_cast<StopReason>(i))] = summary.stops[i];
  }
  Json top = Json::array();
  for (const auto& [function, tasks] : summary.top) top.push_back({{"function", function}, {"tasks", tasks}});
  return {{"tasks", summary.tasks},        {"reliable", summary.reliable}, {"unreliable", summary.unreliable},
          {"reasons", std::move(reasons)}, {"stops", std::move(stops)},    {"top", std::move(top)}};
}

}  // namespace

// Task by task: an object of all would take many times the room of its text.
std::string json_of(const DumpReport& report, const Summary& summary) {
  std::string text = fmt::format("{{\"dump\":{},\"policy\":{},\"tasks\":[", dumped(json_of(report.facts)),
                                 dumped(to_string(report.policy)));
  const char* before = "\n";
  for (const TaskTrace& trace : report.tasks) {
    text += before + dumped(json_of(trace));
    before = ",\n";
  }
  text += fmt::format("\n],\"summary\":{}}}\n", dumped(json_of(summary)));
  return text;
}

}  // namespace surefoot::tools
