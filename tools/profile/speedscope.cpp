// SPDX-License-Identifier: MIT
//
// The file format of speedscope [speedscope]: frames by number, and sampled profiles.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "profile/stacks.hpp"
#include "surefoot/version.h"

namespace surefoot::tools {
namespace {

using Json = nlohmann::ordered_json;

Json profile_of(const std::string& name, const std::vector<std::size_t>& samples, const StackTree& tree) {
  Json stacks = Json::array();
  for (const std::size_t sample : samples) stacks.push_back(path_to(tree, tree.node_of_sample[sample]));
  return {{"type", "sampled"},
          {"name", name},
          {"unit", "none"},
          {"startValue", 0},
          {"endValue", samples.size()},
          {"samples", std::move(stacks)},
          {"weights", std::vector<int>(samples.size(), 1)}};
}

}  // namespace

std::string speedscope_text(const Profile& profile, const StackTree& tree, const std::string& title) {
  std::vector<std::size_t> order(profile.samples.size());
  for (std::size_t i = 0; i != order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(profile.samples[i].time, i); });
  std::map<std::uint32_t, std::vector<std::size_t>> of_cpu;
  for (const std::size_t i : order) of_cpu[profile.samples[i].cpu].push_back(i);

  Json frames = Json::array();
  for (const StackFrame& frame : tree.frames) frames.push_back({{"name", marked_name(frame)}});
  Json profiles = Json::array();
  for (const auto& [cpu, samples] : of_cpu) profiles.push_back(profile_of(fmt::format("CPU {}", cpu), samples, tree));
  const Json file = {{"$schema", "https://www.speedscope.app/file-format-schema.json"},
                     {"exporter", "surefoot " SUREFOOT_VERSION},
                     {"name", title},
                     {"activeProfileIndex", 0},
                     {"shared", {{"frames", std::move(frames)}}},
                     {"profiles", std::move(profiles)}};
  return file.dump() + '\n';
}

}  // namespace surefoot::tools
