// SPDX-License-Identifier: MIT
#include "linux/tasks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "linux/memory_list.hpp"

namespace surefoot::tools {
namespace {

// The kernel's own limit of pids is 4 million. A leader is in two lists. All lists together have no more nodes: many
// that lead into one another would else take their product.
constexpr std::size_t most_nodes = 2 << 22;

// What the state words say, as the letters of ps: TASK_* of the one, EXIT_* of the other.
char to_letter(std::uint64_t state, std::uint64_t exit_state) {
  constexpr std::uint64_t dead = 0x10;
  constexpr std::uint64_t zombie = 0x20;
  constexpr std::uint64_t no_load = 0x400;
  constexpr std::uint64_t uninterruptible = 0x2;
  if ((exit_state & zombie) != 0) return 'Z';
  if ((exit_state & dead) != 0) return 'X';
  if ((state & (uninterruptible | no_load)) == (uninterruptible | no_load)) return 'I';
  struct Letter {
    std::uint64_t bit;
    char letter;
  };
  constexpr Letter letters[] = {{0x1, 'S'},  {0x2, 'D'},  {0x4, 'T'},   {0x8, 't'},
                                {0x40, 'P'}, {0x80, 'X'}, {0x1000, 'D'}};
  for (const Letter& letter : letters) {
    if ((state & letter.bit) != 0) return letter.letter;
  }
  return 'R';
}

class TaskReader {
 public:
  TaskReader(VirtualMemory& memory, const TaskLayout& layout, const std::vector<LinuxCpu>& cpus)
      : memory_(memory), layout_(layout), cpus_(cpus) {}

  TaskList read(std::uint64_t first) {
    for (const LinuxCpu& cpu : cpus_) add(cpu.idle, &cpu);
    const auto add_group = [&](std::uint64_t leader) {
      ++nodes_;
      add(leader, nullptr);
      const auto signal = memory_.word(leader + layout_.signal);
      if (!signal || *signal == 0 || !groups_.insert(*signal).second) return;
      const auto add_thread = [&](std::uint64_t node) {
        ++nodes_;
        add(node - layout_.thread_node, nullptr);
      };
      note(for_each_in_list(memory_, *signal + layout_.thread_head, left(), add_thread),
           fmt::format("the list of the threads of the task at {:#x}", leader));
    };
    // The first task, an idle one, heads the list of groups.
    note(for_each_in_list(memory_, first + layout_.tasks, left(),
                          [&](std::uint64_t node) { add_group(node - layout_.tasks); }),
         "the list of tasks");
    std::ranges::sort(list_.tasks, {},
                      [](const TaskInfo& task) { return std::tuple(!task.is_idle, task.pid, task.cpu); });
    return std::move(list_);
  }

 private:
  [[nodiscard]] std::size_t left() const { return most_nodes - std::min(most_nodes, nodes_); }

  void note(ListEnd end, const std::string& what) {
    if (end == ListEnd::unreadable) list_.warnings.push_back(what + " ends at a pointer that cannot be read");
    if (end == ListEnd::too_long) list_.warnings.push_back(what + " does not end");
  }

  // Of a task; nothing if it cannot be read, or if the kernel has no such member.
  [[nodiscard]] std::optional<std::uint64_t> number(std::uint64_t task, const Member& member) {
    const std::uint64_t at = task + member.offset;
    switch (member.size) {
      case sizeof(std::uint8_t): return memory_.load<std::uint8_t>(at);
      case sizeof(std::uint16_t): return memory_.load<std::uint16_t>(at);
      case sizeof(std::uint32_t): return memory_.load<std::uint32_t>(at);
      case sizeof(std::uint64_t): return memory_.load<std::uint64_t>(at);
      default: return {};
    }
  }

  void add(std::uint64_t address, const LinuxCpu* idle_on) {
    if (address == 0 || !known_.insert(address).second) return;
    const auto pid = number(address, layout_.pid);
    const auto state = number(address, layout_.state);
    if (!pid || !state) {
      list_.warnings.push_back(fmt::format("the task at {:#x} cannot be read", address));
      return;
    }
    TaskInfo task;
    task.pid = static_cast<std::int32_t>(*pid);
    task.address = address;
    task.tgid = static_cast<std::int32_t>(number(address, layout_.tgid).value_or(0));
    task.name = memory_.text(address + layout_.name, layout_.name_size).value_or("");
    task.state = to_letter(*state, number(address, layout_.exit_state).value_or(0));
    task.is_idle = idle_on != nullptr;
    task.is_user = memory_.word(address + layout_.memory_map).value_or(0) != 0;
    task.switches = number(address, layout_.voluntary_switches).value_or(0) +
                    number(address, layout_.involuntary_switches).value_or(0);
    task.cpu = static_cast<std::uint32_t>(number(address, layout_.cpu).value_or(0));
    // A task that is being switched to or from is on a CPU as well, although it is no CPU's current one.
    task.is_running = number(address, layout_.on_cpu).value_or(0) != 0;
    const auto runs_it = std::ranges::find(cpus_, address, &LinuxCpu::current);
    if (runs_it != cpus_.end()) {
      task.is_running = true;
      task.cpu = runs_it->number;
    }
    if (idle_on != nullptr) task.cpu = idle_on->number;
    list_.tasks.push_back(std::move(task));
  }

  VirtualMemory& memory_;
  const TaskLayout& layout_;
  const std::vector<LinuxCpu>& cpus_;
  std::set<std::uint64_t> known_;   // tasks
  std::set<std::uint64_t> groups_;  // signal_struct of those whose threads have been read
  std::size_t nodes_ = 0;
  TaskList list_;
};

}  // namespace

TaskList read_tasks(VirtualMemory& memory, const KernelSymbols& symbols, const TaskLayout& layout,
                    const std::vector<LinuxCpu>& cpus) {
  const auto first = symbols.address_of("init_task");
  if (!first) return {.tasks = {}, .warnings = {"the symbol init_task is missing, from which all tasks are found"}};
  return TaskReader(memory, layout, cpus).read(*first);
}

}  // namespace surefoot::tools
