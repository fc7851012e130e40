// SPDX-License-Identifier: MIT
#include "cli/flame_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include "elf/name.hpp"

namespace surefoot::tools {
namespace {

constexpr std::size_t listed_functions = 10;

double percent(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(all);
}

void append_share(std::string& text, const char* what, std::uint64_t part, std::uint64_t all) {
  fmt::format_to(std::back_inserter(text), "  {:<28} {:>8}  {:5.1f} %\n", what, part, percent(part, all));
}

void append_if_any(std::string& text, std::uint64_t count, const char* what) {
  if (count != 0) fmt::format_to(std::back_inserter(text), "  {:<28} {:>8}\n", what, count);
}

// What the samplers have counted and the stream does not hold.
void append_missing(std::string& text, const Profile& profile) {
  const ProfileCounters counters = profile.all_counters();
  const std::uint64_t seen = profile.samples.size();
  append_if_any(text, counters.full, "dropped: the ring was full");
  append_if_any(text, counters.nested, "dropped: in another sample");
  append_if_any(text, counters.recorded > seen ? counters.recorded - seen : 0, "lost on the way");
  append_if_any(text, profile.damaged_lines, "damaged lines");
  append_if_any(text, profile.damaged_records, "damaged records");
  append_if_any(text, profile.unknown_records, "records of unknown types");
  append_if_any(text, profile.cut_bytes, "bytes cut off at the end");
  if (profile.counters.empty()) text += "  no counters: whether samples are missing is not known\n";
}

void append_functions(std::string& text, const StackTree& tree) {
  std::map<std::string, std::uint64_t> own;
  for (std::size_t i = 1; i < tree.nodes.size(); ++i) {
    if (tree.nodes[i].own != 0) own[tree.frames[tree.nodes[i].frame].name] += tree.nodes[i].own;
  }
  std::vector<std::pair<std::uint64_t, std::string>> most;
  for (const auto& [name, samples] : own) most.emplace_back(samples, name);
  std::ranges::sort(most, std::ranges::greater());
  most.resize(std::min(most.size(), listed_functions));
  if (!most.empty()) text += "in the functions themselves\n";
  for (const auto& [samples, name] : most) {
    fmt::format_to(std::back_inserter(text), "  {:>8}  {:5.1f} %  {}\n", samples, percent(samples, tree.shares.samples),
                   name);
  }
}

}  // namespace

std::string flame_text(const std::string& file, const Profile& profile, const StackTree& tree) {
  const Shares& shares = tree.shares;
  std::string text = fmt::format("{}: {} samples on {} CPUs, {} frames\n", printable_name(file), shares.samples,
                                 profile.counters.size(), profile.addresses.size());
  append_share(text, "reliable", shares.reliable, shares.samples);
  append_share(text, "unreliable", shares.unreliable, shares.samples);
  append_share(text, "from EL0", shares.outside, shares.samples);
  for (std::size_t i = 0; i != shares.stops.size(); ++i) {
    const auto stop = static_cast<StopReason>(i);
    if (!is_complete(stop) && shares.stops[i] != 0) {
      append_share(text, fmt::format("stopped: {}", to_string(stop)).c_str(), shares.stops[i], shares.samples);
    }
  }
  append_missing(text, profile);
  append_functions(text, tree);
  return text;
}

}  // namespace surefoot::tools
