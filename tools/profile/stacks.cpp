// SPDX-License-Identifier: MIT
#include "profile/stacks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace surefoot::tools {
namespace {

FrameKind kind_of(Owner owner) {
  switch (owner) {
    case Owner::image: return FrameKind::image;
    case Owner::module: return FrameKind::module;
    case Owner::nobody: return FrameKind::nobody;
  }
  return FrameKind::nobody;
}

// The outermost first.
std::vector<StackFrame> stack_of(const Profile& profile, std::size_t index, CodeNames& names) {
  const ProfileSample& sample = profile.samples[index];
  std::vector<StackFrame> stack;
  if (sample.is_outside) {
    stack.push_back({.name = "[EL0]", .kind = FrameKind::outside, .is_doubtful = !sample.is_reliable});
    return stack;
  }
  if (!is_complete(sample.stop)) {
    // The callers are missing: without this frame, the stack would seem to begin at the last that was found.
    const bool is_cut = sample.stop == StopReason::truncated;
    stack.push_back({.name = is_cut ? "[cut: too deep]" : fmt::format("[stopped: {}]", to_string(sample.stop)),
                     .kind = FrameKind::missing,
                     .is_doubtful = true});
  }
  const std::span<const std::uint64_t> frames = profile.frames_of(sample);
  for (std::size_t i = frames.size(); i-- != 0;) {
    const CodeName& found = names.find(frames[i], index);
    stack.push_back({.name = found.name,
                     .kind = kind_of(found.owner),
                     .is_doubtful = !sample.is_reliable && i >= sample.first_doubtful});
  }
  if (stack.empty()) stack.push_back({.name = "[no frames]", .kind = FrameKind::missing, .is_doubtful = true});
  return stack;
}

void count(Shares& shares, const ProfileSample& sample) {
  ++shares.samples;
  ++(sample.is_outside ? shares.outside : sample.is_reliable ? shares.reliable : shares.unreliable);
  ++shares.stops[static_cast<std::size_t>(sample.stop)];
}

// The frames in their order; `places` says what has become of each number.
std::vector<StackFrame> sorted(const std::map<StackFrame, std::uint32_t>& numbers, std::vector<std::uint32_t>& places) {
  std::vector<StackFrame> frames;
  places.resize(numbers.size());
  for (const auto& [frame, number] : numbers) {
    places[number] = static_cast<std::uint32_t>(frames.size());
    frames.push_back(frame);
  }
  return frames;
}

// Nodes are made before all names are known: their frames, and the order of their children, come in the end.
void renumber(StackTree& tree, const std::vector<std::uint32_t>& places) {
  for (StackNode& node : tree.nodes) {
    if (&node != &tree.nodes.front()) node.frame = places[node.frame];
    std::map<std::uint32_t, std::size_t> children;
    for (const auto& [frame, child] : node.children) children.emplace(places[frame], child);
    node.children = std::move(children);
  }
}

}  // namespace

StackTreeBuilder::StackTreeBuilder() {
  tree_.nodes.emplace_back();
  tree_.parents.push_back(0);
}

std::size_t StackTreeBuilder::child_of(std::size_t node, std::uint32_t frame) {
  const auto [place, is_new] = tree_.nodes[node].children.emplace(frame, tree_.nodes.size());
  const std::size_t child = place->second;
  if (is_new) {
    tree_.nodes.push_back({.children = {}, .frame = frame});
    tree_.parents.push_back(node);
  }
  return child;
}

bool StackTreeBuilder::add(const std::vector<StackFrame>& stack) {
  constexpr std::size_t most_nodes = 4'000'000;
  if (tree_.nodes.size() > most_nodes) return false;
  std::size_t node = 0;
  ++tree_.nodes[0].samples;
  for (const StackFrame& frame : stack) {
    const std::uint32_t number = numbers_.emplace(frame, static_cast<std::uint32_t>(numbers_.size())).first->second;
    node = child_of(node, number);
    ++tree_.nodes[node].samples;
  }
  ++tree_.nodes[node].own;
  tree_.node_of_sample.push_back(node);
  return true;
}

StackTree StackTreeBuilder::finish(const Shares& shares) && {
  tree_.shares = shares;
  std::vector<std::uint32_t> places;
  tree_.frames = sorted(numbers_, places);
  renumber(tree_, places);
  return std::move(tree_);
}

std::expected<StackTree, std::string> make_stacks(const Profile& profile, CodeNames& names) {
  StackTreeBuilder builder;
  Shares shares;
  for (std::size_t i = 0; i != profile.samples.size(); ++i) {
    count(shares, profile.samples[i]);
    if (!builder.add(stack_of(profile, i, names))) return std::unexpected("too many different stacks");
  }
  return std::move(builder).finish(shares);
}

std::vector<std::uint32_t> path_to(const StackTree& tree, std::size_t node) {
  std::vector<std::uint32_t> path;
  for (; node != 0; node = tree.parents[node]) path.push_back(tree.nodes[node].frame);
  std::ranges::reverse(path);
  return path;
}

std::string marked_name(const StackFrame& frame) { return (frame.is_doubtful ? "? " : "") + frame.name; }

std::string folded_text(const StackTree& tree) {
  // A semicolon parts frames, so that none may be in a name.
  std::vector<std::string> names;
  for (const StackFrame& frame : tree.frames) {
    names.push_back(marked_name(frame));
    std::ranges::replace(names.back(), ';', ':');
  }
  std::vector<std::string> lines;
  for (std::size_t node = 1; node < tree.nodes.size(); ++node) {
    if (tree.nodes[node].own == 0) continue;
    std::string line;
    for (const std::uint32_t frame : path_to(tree, node)) line += (line.empty() ? "" : ";") + names[frame];
    lines.push_back(fmt::format("{} {}\n", line, tree.nodes[node].own));
  }
  std::ranges::sort(lines);
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

}  // namespace surefoot::tools
