// SPDX-License-Identifier: MIT
//
// What there is to profile: tasks that work in different ways.
#pragma once

#include <cstdint>

#include "modules/loader.hpp"

namespace profile {

/// Makes the tasks, and lets them work until end_work(). False, after a message, if there is no room for one, or if a
/// tracer is refused.
[[nodiscard]] bool start_work(const kernel::modules::Module& module) noexcept;

/// Lets all of them end, and waits for it.
void end_work() noexcept;

/// True from end_work() on.
[[nodiscard]] bool must_end() noexcept;

/// The tasks' functions (jobs.cpp), each of which works for one round.
void do_recursion() noexcept;
void do_leaf_loops() noexcept;
void do_sorting() noexcept;
void do_requests() noexcept;
void do_hand_over() noexcept;
void do_breakpoints() noexcept;
void do_module_calls() noexcept;
/// What `do_breakpoints` does in the handler of its exception, where interrupts are on.
void handle_breakpoint() noexcept;

/// Entry points of what is traced.
struct TracedFunctions {
  std::uint64_t hooked[3];
  std::uint64_t traced[1];
};
[[nodiscard]] TracedFunctions traced_functions() noexcept;
/// The module that do_module_calls() goes through.
void set_module(const kernel::modules::Module& module) noexcept;

}  // namespace profile

extern "C" {
/// The program of the task at EL0 (user_loop.S). Only its address is of use.
extern const char profile_user_loop[];
}
