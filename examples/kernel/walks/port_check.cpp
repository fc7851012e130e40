// SPDX-License-Identifier: MIT
#include "walks/port_check.hpp"

#include <array>
#include <cstddef>
#include <span>

#include "arch/system_registers.hpp"
#include "console/console.hpp"
#include "memory/stacks.hpp"
#include "sched/scheduler.hpp"
#include "surefoot/print.hpp"
#include "walks/description.hpp"

namespace kernel::walks {
namespace {

constinit std::array<surefoot::Task, task_count> tasks{};

// The present task with the stacks of its CPU, and all others.
std::span<const surefoot::Task> describe_tasks() noexcept {
  std::size_t count = 0;
  tasks[count++] = here();
  for (unsigned index = 0; index != task_count; ++index) {
    const Task& task = sched::at(index);
    const TaskState state = task.load_state();
    const bool exists = state != TaskState::unused && state != TaskState::exited;
    if (exists && &task != &sched::current()) tasks[count++] = blocked(task);
  }
  return std::span(tasks).first(count);
}

}  // namespace

// [porting]
bool is_port_good(const surefoot::KernelDescription& description, const surefoot::Region& image) noexcept {
  surefoot::PortFinding findings[16];
  const surefoot::PortFacts facts{.vectors = KERNEL_READ_REGISTER("vbar" KERNEL_LEVEL),
                                  .system_control = KERNEL_READ_REGISTER("sctlr" KERNEL_LEVEL),
                                  .tasks = describe_tasks(),
                                  .regions = {&image, 1}};
  const surefoot::PortResult result = surefoot::check_port(description, facts, findings);
  surefoot::print_findings(findings, result, [](std::span<const char> text) noexcept { console::write(text); });
  return result.is_good();
}
// [/porting]

}  // namespace kernel::walks
