// SPDX-License-Identifier: MIT
#include "linux/return_stacks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <ranges>
#include <utility>

#include "linux/memory_list.hpp"

namespace surefoot::tools {
namespace {

constexpr std::uint64_t word_size = sizeof(std::uint64_t);

// Linux keeps 50 entries in an array, and 4 KiB of words in a shadow stack.
constexpr std::int64_t most_entries = 1024;
constexpr std::int64_t most_words = 1 << 16;
constexpr std::size_t most_hooks = 1 << 14;

std::optional<ReturnEntry> read_entry(VirtualMemory& memory, const GraphLayout& layout, std::uint64_t at,
                                      std::uint64_t hook) {
  const auto return_address = memory.word(at + layout.return_address);
  const auto function = memory.word(at + layout.function);
  const auto key = memory.word(at + layout.key);
  if (!return_address || !function || !key) return {};
  return ReturnEntry{.return_address = *return_address, .function = *function, .key = *key, .hook = hook};
}

}  // namespace

struct TaskReturns::Owned {
  explicit Owned(std::vector<ReturnEntry> oldest_first)
      : entries(oldest_first.size()), stack(std::span<ReturnEntry>(entries)) {
    for (const ReturnEntry& entry : oldest_first) {
      if (!stack.push(entry)) break;
    }
  }
  std::vector<ReturnEntry> entries;
  ReturnStack stack;
};

void TaskReturns::Delete::operator()(Owned* owned) const { delete owned; }

GraphEntries read_graph_entries(VirtualMemory& memory, const GraphLayout& layout, std::uint64_t task,
                                std::uint64_t hook) {
  GraphEntries read;
  const auto used = memory.load<std::int32_t>(task + layout.used);
  const auto entries = memory.word(task + layout.entries);
  const auto fail = [&read](const char* what) {
    read.fault = what;
    return read;
  };
  if (!used || !entries) return fail("the function-graph return stack cannot be read");
  if (*entries == 0) return read;
  if (layout.form == GraphLayout::Form::array) {
    if (*used >= most_entries) return fail("the function-graph return stack has an index that is too large");
    for (std::int64_t index = *used; index >= 0; --index) {
      const auto entry =
          read_entry(memory, layout, *entries + static_cast<std::uint64_t>(index) * layout.entry_size, hook);
      if (!entry) return fail("an entry of the function-graph return stack cannot be read");
      read.newest_first.push_back(*entry);
    }
    return read;
  }
  if (*used < 0 || *used > most_words) return fail("the function-graph return stack has a depth that is none");
  // Each entry ends with a word whose lowest bits say how many words before it the entry begins.
  constexpr std::uint64_t distance_bits = 0x3ff;
  const auto entry_words = static_cast<std::int64_t>(layout.entry_size / word_size);
  for (std::int64_t end = *used; end > 0;) {
    const auto last = memory.word(*entries + static_cast<std::uint64_t>(end - 1) * word_size);
    if (!last) return fail("a word of the function-graph return stack cannot be read");
    const auto distance = static_cast<std::int64_t>(*last & distance_bits);
    const std::int64_t start = end - 1 - distance;
    if (distance < entry_words || start < 0) return fail("the function-graph return stack is damaged");
    const auto entry = read_entry(memory, layout, *entries + static_cast<std::uint64_t>(start) * word_size, hook);
    if (!entry) return fail("an entry of the function-graph return stack cannot be read");
    read.newest_first.push_back(*entry);
    end = start;
  }
  return read;
}

TaskReturns::TaskReturns(VirtualMemory& memory, const Layouts& layouts, const SpecialCode& code, std::uint64_t task,
                         const SavedMoment& moment) {
  if (layouts.graph && code.return_to_handler != 0) {
    GraphEntries graph = read_graph_entries(memory, *layouts.graph, task, code.return_to_handler);
    if (!graph.fault.empty()) faults_.push_back(std::move(graph.fault));
    add(std::move(graph.newest_first), moment);
  }
  if (layouts.kretprobes) {
    add(read_hooks(memory, *layouts.kretprobes, task, code.kretprobe_hook, "kretprobes"), moment);
  }
  if (layouts.rethooks) add(read_hooks(memory, *layouts.rethooks, task, code.rethook_hook, "rethooks"), moment);
}

std::vector<ReturnEntry> TaskReturns::read_hooks(VirtualMemory& memory, const HookLayout& layout, std::uint64_t task,
                                                 std::uint64_t hook, const char* who) {
  std::vector<ReturnEntry> found;
  if (hook == 0) return found;
  bool is_whole = true;
  const auto take = [&](std::uint64_t node) {
    const std::uint64_t at = node - layout.node;
    const auto return_address = memory.word(at + layout.return_address);
    const auto key = memory.word(at + layout.key);
    if (return_address && key && is_whole) {
      found.push_back({.return_address = *return_address, .function = 0, .key = *key, .hook = hook});
    } else {
      is_whole = false;
    }
  };
  const ListEnd end = for_each_in_chain(memory, task + layout.first, most_hooks, take);
  if (end != ListEnd::whole || !is_whole) faults_.push_back(fmt::format("the list of {} is damaged", who));
  return found;
}

void TaskReturns::add(std::vector<ReturnEntry> newest_first, const SavedMoment& moment) {
  // An entry without a return address was being written. It does not count, and whoever needs it misses it.
  std::erase_if(newest_first, [](const ReturnEntry& entry) { return entry.return_address == 0; });
  const auto is_older = [&moment](const ReturnEntry& entry) { return !moment.is_before_call_by(entry.key); };
  newest_first.erase(newest_first.begin(), std::ranges::find_if(newest_first, is_older));
  if (newest_first.empty()) return;
  std::ranges::reverse(newest_first);
  owned_.emplace_back(new Owned(std::move(newest_first)));
  views_.push_back(&owned_.back()->stack);
}

}  // namespace surefoot::tools
