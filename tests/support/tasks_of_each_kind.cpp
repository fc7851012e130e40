// SPDX-License-Identifier: MIT
#include "support/tasks_of_each_kind.hpp"

#include <cstdint>

#include "support/dump_world.hpp"
#include "support/task_stack.hpp"

namespace surefoot::testing {
namespace {

// In a system call, of which two functions are hooked.
TaskStack in_read(DumpWorld& world, std::uint64_t task, Hooked by) {
  TaskStack stack(world, task);
  stack.outermost("el0t_64_sync", "el0t_64_sync_handler")
      .call("el0t_64_sync_handler", "do_el0_svc")
      .call_hooked(by, "do_el0_svc")
      .call_hooked(by, "sys_read", "vfs_read");
  return stack;
}

}  // namespace

void add_tasks_of_each_kind(DumpWorld& world) {
  const std::uint64_t leader = world.add_task({.pid = 10, .name = "leader"});
  in_read(world, leader, Hooked::by_both).call("vfs_read", "wait_for_data").call("wait_for_data", "schedule").block();
  const std::uint64_t thread = world.add_task({.pid = 11, .name = "thread", .leader = leader});
  in_read(world, thread, Hooked::by_graph)
      .call("vfs_read", "copy_words")
      .interrupt_leaf(world.at("copy_words_fault"))
      .call("el1h_64_sync_handler", "do_page_fault")
      .call("do_page_fault", "schedule")
      .block();
  const std::uint64_t running = world.add_task({.pid = 12, .name = "running"});
  TaskStack stack = in_read(world, running, Hooked::by_probe);
  stack.enter()
      .interrupt(world.call_in("vfs_read", "copy_words") - 4, "el1h_64_irq")
      .call("el1h_64_irq_handler", "call_on_irq_stack")
      .change_to_irq_stack(1)
      .call("handle_irq", "crash")
      .enter();
  world.run(1, running, stack.registers_at(world.call_in("crash", "leaf") - 4));
  TaskStack(world, world.add_task({.pid = 13})).block_at(world.at("ret_from_fork"));
  world.add_task({.pid = 14, .state = 0x80, .exit_state = 0x20, .has_stack = false});
}

}  // namespace surefoot::testing
