// SPDX-License-Identifier: MIT
//
// The tasks of a dump.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dump/virtual_memory.hpp"
#include "linux/cpus.hpp"
#include "linux/layouts.hpp"
#include "linux/symbols.hpp"
#include "linux/trace.hpp"

namespace surefoot::tools {

struct TaskList {
  std::vector<TaskInfo> tasks;        ///< by pid; the idle tasks first, by CPU
  std::vector<std::string> warnings;  ///< where a list was damaged
};

/// All threads of all groups, and the idle tasks. Empty, with a warning, if the first one cannot be read.
[[nodiscard]] TaskList read_tasks(VirtualMemory& memory, const KernelSymbols& symbols, const TaskLayout& layout,
                                  const std::vector<LinuxCpu>& cpus);

}  // namespace surefoot::tools
