// SPDX-License-Identifier: MIT
#include "linux/cpus.hpp"

#include <algorithm>
#include <string>

#include "surefoot/records.hpp"

namespace surefoot::tools {
namespace {

constexpr std::uint64_t overflow_stack_size = 4096;
constexpr std::uint32_t most_cpus = 4096;

// A word of a CPU's own variable.
class CpuVariables {
 public:
  CpuVariables(VirtualMemory& memory, const KernelSymbols& symbols, std::uint64_t offset)
      : memory_(memory), symbols_(symbols), offset_(offset) {}

  [[nodiscard]] std::optional<std::uint64_t> address_of(const char* name) const {
    const auto symbol = symbols_.address_of(name);
    return symbol ? std::optional(*symbol + offset_) : std::nullopt;
  }
  [[nodiscard]] std::uint64_t word(const char* name, std::uint64_t at = 0) const {
    const auto address = address_of(name);
    return address ? memory_.word(*address + at).value_or(0) : 0;
  }

 private:
  VirtualMemory& memory_;
  const KernelSymbols& symbols_;
  std::uint64_t offset_;
};

void add_stack(std::vector<Stack>& stacks, std::uint64_t start, std::uint64_t size, StackKind kind) {
  if (start == 0 || start % 16 != 0 || start + size <= start) return;
  const AddressRange range(start, start + size);
  const auto overlaps = [&](const Stack& stack) { return stack.range.overlaps(range); };
  if (std::ranges::none_of(stacks, overlaps)) stacks.push_back({.range = range, .kind = kind});
}

std::uint32_t count_cpus(VirtualMemory& memory, const KernelSymbols& symbols) {
  const auto at = symbols.address_of("nr_cpu_ids");
  const std::uint32_t count = at ? memory.load<std::uint32_t>(*at).value_or(1) : 1;
  return std::clamp<std::uint32_t>(count, 1, most_cpus);
}

bool runs_on(const LinuxCpu& cpu, std::uint64_t sp, AddressRange task_stack) {
  if (task_stack.contains(sp - 1)) return true;
  return std::ranges::any_of(cpu.stacks, [sp](const Stack& stack) { return stack.range.contains(sp - 1); });
}

}  // namespace

std::uint64_t find_thread_size(const KernelSymbols& symbols, VirtualMemory& memory, std::uint64_t page_size) {
  constexpr std::uint64_t least = 1 << 12;
  constexpr std::uint64_t most = 1 << 20;
  const auto is_plausible = [](std::uint64_t size) {
    return size >= least && size <= most && (size & (size - 1)) == 0;
  };
  for (const std::string what : {"stack", "task"}) {
    const auto start = symbols.address_of("__start_init_" + what);
    const auto end = symbols.address_of("__end_init_" + what);
    if (start && end && is_plausible(*end - *start)) return *end - *start;
  }
  // An `add sp, xN, #number, lsl #12`: an IRQ stack is as large as a task's.
  if (const auto code = symbols.address_of("call_on_irq_stack")) {
    constexpr std::uint64_t most_bytes = 128;
    for (std::uint64_t at = *code; at < *code + most_bytes; at += 4) {
      const std::uint32_t instruction = memory.load<std::uint32_t>(at).value_or(0);
      const std::uint64_t size = std::uint64_t{instruction >> 10 & 0xfff} << 12;
      if ((instruction & 0xffc0'001f) == 0x9140'001f && is_plausible(size)) return size;
    }
  }
  constexpr std::uint64_t usual = 1 << 14;
  return std::max(usual, page_size);
}

std::vector<LinuxCpu> read_cpus(VirtualMemory& memory, const KernelSymbols& symbols, const Layouts& layouts,
                                std::uint64_t thread_size, const std::vector<CpuState>& states) {
  std::vector<LinuxCpu> cpus;
  const auto offsets = symbols.address_of("__per_cpu_offset");
  const std::uint32_t count = offsets ? count_cpus(memory, symbols) : 1;
  std::vector<AddressRange> task_stacks;
  for (std::uint32_t number = 0; number < count; ++number) {
    const auto offset = offsets ? memory.word(*offsets + number * sizeof(std::uint64_t)) : 0;
    if (!offset) break;
    const CpuVariables variables(memory, symbols, *offset);
    LinuxCpu cpu;
    cpu.number = number;
    cpu.current = variables.word("runqueues", layouts.run_queue_current);
    cpu.idle = variables.word("runqueues", layouts.run_queue_idle);
    // A number that no CPU has: its variables are those of the image.
    if (cpu.idle == 0) continue;
    add_stack(cpu.stacks, variables.word("irq_stack_ptr"), thread_size, StackKind::irq);
    add_stack(cpu.stacks, variables.address_of("overflow_stack").value_or(0), overflow_stack_size, StackKind::overflow);
    add_stack(cpu.stacks, variables.word("sdei_stack_normal_ptr"), thread_size, StackKind::exception);
    add_stack(cpu.stacks, variables.word("sdei_stack_critical_ptr"), thread_size, StackKind::exception);
    const std::uint64_t stack = memory.word(cpu.current + layouts.task.stack).value_or(0);
    task_stacks.emplace_back(stack, stack + thread_size);
    cpus.push_back(std::move(cpu));
  }
  std::vector<const CpuState*> others;
  for (const CpuState& state : states) {
    const auto is_its_own = [&](const LinuxCpu& cpu) {
      const auto index = static_cast<std::size_t>(&cpu - cpus.data());
      return !cpu.registers && !is_from_el0(state.pstate) && runs_on(cpu, state.sp, task_stacks[index]);
    };
    const auto owner = std::ranges::find_if(cpus, is_its_own);
    if (owner != cpus.end()) {
      owner->registers = state;
    } else {
      others.push_back(&state);
    }
  }
  for (const CpuState* state : others) {
    const auto number = static_cast<std::uint32_t>(state - states.data());
    const auto owner = std::ranges::find(cpus, number, &LinuxCpu::number);
    if (owner != cpus.end() && !owner->registers) owner->registers = *state;
  }
  return cpus;
}

void settle_who_runs(std::vector<LinuxCpu>& cpus, std::vector<TaskInfo>& tasks, VirtualMemory& memory,
                     const TaskLayout& layout, std::uint64_t thread_size) {
  for (LinuxCpu& cpu : cpus) {
    if (!cpu.registers || is_from_el0(cpu.registers->pstate)) continue;
    const auto is_there = [&](const TaskInfo& task) { return task.is_running && task.cpu == cpu.number; };
    const auto is_on_its_stack = [&](const TaskInfo& task) {
      const std::uint64_t stack = memory.word(task.address + layout.stack).value_or(0);
      return is_there(task) && AddressRange(stack, stack + thread_size).contains(cpu.registers->sp - 1);
    };
    const auto runs = std::ranges::find_if(tasks, is_on_its_stack);
    if (runs == tasks.end()) continue;
    cpu.current = runs->address;
    for (TaskInfo& task : tasks) {
      if (is_there(task) && task.address != cpu.current) task.is_running = false;
    }
  }
}

}  // namespace surefoot::tools
