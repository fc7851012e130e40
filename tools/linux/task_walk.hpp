// SPDX-License-Identifier: MIT
//
// The trace of one task of a dump, by the library's own walk.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dump/virtual_memory.hpp"
#include "linux/cpus.hpp"
#include "linux/layouts.hpp"
#include "linux/special_code.hpp"
#include "linux/symbols.hpp"
#include "linux/task_memory.hpp"
#include "linux/trace.hpp"
#include "surefoot/kernel.hpp"

namespace surefoot::tools {

/// What all walks of a dump have in common. What it refers to must outlive it.
struct DumpedKernel {
  VirtualMemory& memory;
  const Layouts& layouts;
  const SpecialCode& special;
  const Kernel& kernel;
  const std::vector<LinuxCpu>& cpus;
  std::uint64_t thread_size = 0;
};

/// Walks a task, which may have words on its stacks that the dump does not have. The names of its frames are left
/// empty.
[[nodiscard]] TaskTrace walk_task(const DumpedKernel& dumped, const TaskInfo& task, Policy policy,
                                  std::span<const ChangedWord> changed = {});

}  // namespace surefoot::tools
