// SPDX-License-Identifier: MIT
//
// Not compiled for tracing: these are the outermost functions that are stepped.
#include "sweep/workloads.hpp"

#include "sweep/shapes.hpp"
#include "sweep/traced.hpp"

namespace sweep {
namespace {

constinit std::uint64_t seed_of_run = 1;

void run_straight() noexcept {
  calls_plain(1);
  stay_on_stack();
}

void run_recursion() noexcept {
  recurses(6);
  recurses_in_turn(7);
  stay_on_stack();
}

void run_tail_calls() noexcept {
  calls_tail(1);
  stay_on_stack();
}

void run_leaves() noexcept {
  leaf(1);
  leaf(2);
  stay_on_stack();
}

void run_callbacks() noexcept {
  calls_back(1);
  stay_on_stack();
}

void run_shapes() noexcept {
  calls_shapes();
  stay_on_stack();
}

void run_all() noexcept {
  calls_plain(1);
  recurses_in_turn(2);
  calls_tail(1);
  stay_on_stack();
}

void run_random() noexcept {
  calls_at_random(seed_of_run);
  stay_on_stack();
}

constexpr Mode with_tracer[] = {Mode::function, Mode::registers,      Mode::graph,       Mode::both,
                                Mode::redirect, Mode::redirect_graph, Mode::return_hook, Mode::return_hook_graph};
constexpr Mode with_exit[] = {Mode::graph, Mode::both, Mode::return_hook, Mode::return_hook_graph};
constexpr Mode pc_only[] = {Mode::redirect_pc_only};
// Each kind of tracing once: what differs between the others is in the trampolines, and no function's shape.
constexpr Mode for_shapes[] = {Mode::off, Mode::registers, Mode::graph, Mode::redirect_graph, Mode::return_hook};
// Together these execute every instruction of the trampolines; ftrace_stub runs only without a function tracer.
constexpr Mode with_interrupts[] = {Mode::off,  Mode::registers, Mode::graph,
                                    Mode::both, Mode::redirect,  Mode::return_hook_graph};
// A walk that is stepped may meet hooks on its way.
constexpr Mode with_hooks[] = {Mode::off, Mode::graph, Mode::both, Mode::return_hook_graph};

constexpr Workload fixed[] = {
    {"straight", run_straight, Action::nothing, all_modes},
    {"live_patch", run_all, Action::nothing, pc_only},
    {"recursion", run_recursion, Action::nothing, all_modes},
    {"tail_calls", run_tail_calls, Action::nothing, all_modes},
    {"leaves", run_leaves, Action::nothing, all_modes},
    {"callbacks", run_callbacks, Action::nothing, all_modes},
    {"shapes", run_shapes, Action::nothing, for_shapes},
    {"exit_callbacks", run_all, Action::call_traced, with_exit},
    {"exceptions", run_all, Action::breakpoint, with_tracer},
    {"interrupts", run_interrupts, Action::nothing, with_interrupts},
    {"walks", run_walks, Action::nothing, with_hooks},
};

constexpr Workload random_one{"random", run_random, Action::nothing, all_modes};

}  // namespace

std::span<const Workload> fixed_workloads() noexcept { return fixed; }

const Workload& random_workload() noexcept { return random_one; }

void set_seed(std::uint64_t seed) noexcept { seed_of_run = seed; }

}  // namespace sweep
