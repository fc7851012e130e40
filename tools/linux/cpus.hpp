// SPDX-License-Identifier: MIT
//
// The processors of a dump: what runs on each, its stacks, and its registers if the dump has them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "dump/dump.hpp"
#include "dump/virtual_memory.hpp"
#include "linux/layouts.hpp"
#include "linux/symbols.hpp"
#include "linux/trace.hpp"
#include "surefoot/stacks.hpp"

namespace surefoot::tools {

struct LinuxCpu {
  std::uint32_t number = 0;
  std::uint64_t current = 0;  ///< a task_struct; 0 if it cannot be read
  std::uint64_t idle = 0;     ///< the same of its idle task
  std::vector<Stack> stacks;  ///< IRQ, overflow and SDEI stacks
  std::optional<CpuState> registers;
};

/// The size of a task's stack, by the symbols around the first task's or by the code that changes to an IRQ stack.
[[nodiscard]] std::uint64_t find_thread_size(const KernelSymbols& symbols, VirtualMemory& memory,
                                             std::uint64_t page_size);

/// The possible processors. `states` are those of the dump's notes, in any order: which CPU a state belongs to is told
/// by the stack that it runs on, and only where that says nothing by its number.
[[nodiscard]] std::vector<LinuxCpu> read_cpus(VirtualMemory& memory, const KernelSymbols& symbols,
                                              const Layouts& layouts, std::uint64_t thread_size,
                                              const std::vector<CpuState>& states);

/// While a CPU changes from one task to another, both are on it, and its `current` may be the one that is not there
/// yet. The one on whose stack the CPU is runs; the registers of the other are in its task_struct. Corrects both lists
/// where the stack tells.
void settle_who_runs(std::vector<LinuxCpu>& cpus, std::vector<TaskInfo>& tasks, VirtualMemory& memory,
                     const TaskLayout& layout, std::uint64_t thread_size);

}  // namespace surefoot::tools
