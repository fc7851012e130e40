// SPDX-License-Identifier: MIT
#include "flow/groups.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string_view>

#include "code/flow.hpp"

namespace surefoot::tools {
namespace {

// GCC's cold parts, and clang's of the kind that is jumped to; clang's sections of basic blocks; what lld and ld move
// because of an erratum.
bool is_name_of_part(std::string_view name) {
  return name.contains(".cold") || name.contains(".__part.") || name.starts_with("__CortexA53843419_") ||
         name.starts_with("e843419@") || name.starts_with("e835769@");
}

class Grouper {
 public:
  Grouper(const Image& image, const std::vector<Function>& functions)
      : functions_(functions), parent_(functions.size()) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    is_called_.resize(functions_.size());
    jumped_from_.resize(functions_.size(), nowhere);
    for (std::size_t i = 0; i < functions_.size(); ++i) {
      for (std::uint64_t pc = functions_[i].start; pc < functions_[i].end; pc += 4) {
        const std::optional<std::uint32_t> word = image.instruction_at(pc);
        const Flow flow = word ? flow_of(*word, pc) : Flow{};
        if (!calls_nobody(flow, pc, functions_[i].end)) note(i, flow);
      }
    }
    for (const Symbol& symbol : image.symbols()) {
      const std::optional<std::size_t> in = symbol.is_function ? find(symbol.address) : std::nullopt;
      if (in && functions_[*in].start != symbol.address) inner_entries_.push_back(symbol.address);
    }
  }

  void add(const LandingPads& landing_pads) {
    for (const LandingPad& landing : landing_pads) {
      const std::optional<std::size_t> from = find(landing.start);
      const std::optional<std::size_t> to = find(landing.pad);
      if (from && to) unite(*from, *to);
    }
  }

  void add(const DeclaredWays& ways, const Image& image) {
    for (const std::uint64_t entered : ways.entered()) note_call(entered);
    for (const DeclaredWays::Way& way : ways.ways()) {
      const std::optional<std::size_t> from = find(way.from);
      const std::optional<std::size_t> to = find(way.to);
      if (from && to) unite(*from, *to);
    }
    for (const DeclaredWays::Alternative& alternative : ways.alternatives()) {
      const std::optional<std::size_t> from = find(alternative.start);
      for (unsigned offset = 0; from && offset < alternative.bytes; offset += 4) {
        const std::uint64_t there = alternative.replacement + offset;
        note(*from, flow_of(*image.instruction_at(there), there));
      }
    }
  }

  Grouping finish() {
    Grouping grouping;
    for (const auto& [from, to] : jumps_to_start_) {
      if (!is_entry(to)) unite(from, to);
    }
    std::vector<Group> members(functions_.size());
    for (std::size_t i = 0; i < functions_.size(); ++i) {
      members[root(i)].push_back(i);
      grouping.is_entry.push_back(is_entry(i));
    }
    std::erase_if(members, [](const Group& group) { return group.empty(); });
    std::ranges::sort(members);
    grouping.groups = std::move(members);
    std::ranges::sort(inner_entries_);
    const auto repeated = std::ranges::unique(inner_entries_);
    inner_entries_.erase(repeated.begin(), repeated.end());
    grouping.inner_entries = std::move(inner_entries_);
    grouping.is_called = std::move(is_called_);
    return grouping;
  }

 private:
  void note(std::size_t from, const Flow& flow) {
    if (flow.kind == Flow::Kind::call) return note_call(flow.target);
    if (!flow.is_direct_jump() || functions_[from].contains(flow.target)) return;
    const std::optional<std::size_t> to = find(flow.target);
    if (!to) return;
    const bool is_start = functions_[*to].start == flow.target;
    if (is_start) {
      jumps_to_start_.emplace_back(from, *to);
      std::size_t& known = jumped_from_[*to];
      known = known == nowhere || known == from ? from : several;
    } else {
      unite(from, *to);
    }
  }

  void note_call(std::uint64_t target) {
    const std::optional<std::size_t> to = find(target);
    if (!to) return;
    if (functions_[*to].start == target) {
      is_called_[*to] = true;
    } else {
      inner_entries_.push_back(target);
    }
  }

  // A part of another function has no name of its own, or one that says so; nobody calls it, and only that one function
  // jumps to it.
  [[nodiscard]] bool is_entry(std::size_t index) const {
    const Function& function = functions_[index];
    if (is_called_[index]) return true;
    if (is_name_of_part(function.name)) return false;
    return !function.name.empty() || jumped_from_[index] == nowhere || jumped_from_[index] == several;
  }

  [[nodiscard]] std::optional<std::size_t> find(std::uint64_t address) const {
    auto at = std::ranges::upper_bound(functions_, address, {}, &Function::start);
    if (at == functions_.begin() || address >= (--at)->end) return {};
    return static_cast<std::size_t>(at - functions_.begin());
  }

  std::size_t root(std::size_t index) {
    while (parent_[index] != index) index = parent_[index] = parent_[parent_[index]];
    return index;
  }

  void unite(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

  static constexpr std::size_t nowhere = ~std::size_t{0};
  static constexpr std::size_t several = nowhere - 1;

  const std::vector<Function>& functions_;
  std::vector<std::size_t> parent_;
  std::vector<bool> is_called_;
  std::vector<std::size_t> jumped_from_;  // the one function that jumps to the start
  std::vector<std::pair<std::size_t, std::size_t>> jumps_to_start_;
  std::vector<std::uint64_t> inner_entries_;
};

}  // namespace

std::vector<Function> find_veneers(const Image& image) {
  // Longer than what linkers make; a bound for what is taken for one by mistake.
  constexpr std::uint64_t max_bytes = 64;
  std::vector<Function> found;
  for (const Function& function : image.functions()) {
    for (std::uint64_t pc = function.start; pc < function.end; pc += 4) {
      const std::optional<std::uint32_t> word = image.instruction_at(pc);
      const Flow flow = word ? flow_of(*word, pc) : Flow{};
      if (flow.kind != Flow::Kind::jump || image.find_function(flow.target) != nullptr) continue;
      for (std::uint64_t at = flow.target; at - flow.target < max_bytes && image.find_function(at) == nullptr;
           at += 4) {
        const std::optional<std::uint32_t> there = image.instruction_at(at);
        const Flow next = there ? flow_of(*there, at) : Flow{.kind = Flow::Kind::stop};
        if (next.kind == Flow::Kind::next) continue;
        if (next.kind == Flow::Kind::jump && next.target == pc + 4) {
          found.push_back({.name = {}, .start = flow.target, .end = at + 4, .has_size = false, .has_cfi = false});
        }
        break;
      }
    }
  }
  std::ranges::sort(found, {}, &Function::start);
  const auto [first, last] =
      std::ranges::unique(found, [](const Function& a, const Function& b) { return b.start < a.end; });
  found.erase(first, last);
  return found;
}

Grouping group_functions(const Image& image, const std::vector<Function>& functions, const LandingPads& landing_pads,
                         const DeclaredWays& ways) {
  Grouper grouper(image, functions);
  grouper.add(landing_pads);
  grouper.add(ways, image);
  return grouper.finish();
}

}  // namespace surefoot::tools
