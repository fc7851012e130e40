// SPDX-License-Identifier: MIT
//
// The return addresses that tracers of Linux have rewritten on a task's stacks, as return stacks of the walk: the
// function-graph tracer's in both of its forms, kretprobes and rethooks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dump/virtual_memory.hpp"
#include "linux/layouts.hpp"
#include "linux/saved_moment.hpp"
#include "linux/special_code.hpp"
#include "surefoot/return_stack.hpp"

namespace surefoot::tools {

/// Those of one task. What a walk refers to stays in place when this is moved.
class TaskReturns {
 public:
  /// Reads them, of a task that runs as they were at that moment. What is damaged is left out from there on, so that
  /// the walk misses it, and `faults` says it.
  TaskReturns(VirtualMemory& memory, const Layouts& layouts, const SpecialCode& code, std::uint64_t task,
              const SavedMoment& moment = {});

  [[nodiscard]] std::span<const ReturnStack* const> stacks() const { return views_; }
  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }

 private:
  void add(std::vector<ReturnEntry> newest_first, const SavedMoment& moment);
  std::vector<ReturnEntry> read_hooks(VirtualMemory& memory, const HookLayout& layout, std::uint64_t task,
                                      std::uint64_t hook, const char* who);

  struct Owned;
  struct Delete {
    void operator()(Owned* owned) const;
  };
  std::vector<std::unique_ptr<Owned, Delete>> owned_;
  std::vector<const ReturnStack*> views_;
  std::vector<std::string> faults_;
};

/// The entries of the function-graph tracer, the newest first, as far as they can be read; and what is wrong, or
/// nothing.
struct GraphEntries {
  std::vector<ReturnEntry> newest_first;
  std::string fault;
};
[[nodiscard]] GraphEntries read_graph_entries(VirtualMemory& memory, const GraphLayout& layout, std::uint64_t task,
                                              std::uint64_t hook);

}  // namespace surefoot::tools
