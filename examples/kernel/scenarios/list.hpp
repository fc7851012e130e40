// SPDX-License-Identifier: MIT
//
// Every scenario, and those that an image runs.
#pragma once

#include <span>

#include "scenarios/scenario.hpp"

namespace demo {

// calls.cpp
extern const Scenario plain;
extern const Scenario deep;
extern const Scenario truncated;
extern const Scenario special_function;
extern const Scenario pac_signed;
extern const Scenario bad_table;
// tasks.cpp
extern const Scenario blocked_task;
extern const Scenario irq_preempted;
extern const Scenario running_task_refused;
extern const Scenario fp_other_stack;
extern const Scenario svc_from_user;
extern const Scenario svc_from_user_calls;
extern const Scenario from_user_frame;
// function_tracing.cpp
extern const Scenario tracer_callback;
extern const Scenario tracer_callback_regs;
extern const Scenario live_patch_redirect;
extern const Scenario live_patch_pc_only;
// graph_tracing.cpp
extern const Scenario graph_one;
extern const Scenario graph_nested;
extern const Scenario graph_tail_call;
extern const Scenario graph_recursion;
extern const Scenario graph_full_stack;
extern const Scenario graph_exit_callback;
extern const Scenario graph_and_function_tracer;
extern const Scenario missing_return_entry;
extern const Scenario leftover_return_entry;
// interrupts.cpp
extern const Scenario from_interrupted_frame;
extern const Scenario irq_nested_on_sync;
extern const Scenario graph_leaf_interrupted;
extern const Scenario irq_in_trampoline;
extern const Scenario irq_in_return_to_handler;
// moments.cpp
extern const Scenario irq_in_prologue;
extern const Scenario irq_before_fp;
extern const Scenario irq_in_epilogue;
extern const Scenario irq_in_leaf;
extern const Scenario irq_in_large_prologue;
extern const Scenario irq_in_large_epilogue;
extern const Scenario irq_outside_shrink_wrap;
extern const Scenario irq_on_other_stack;
extern const Scenario irq_after_signing;
extern const Scenario irq_before_authentication;
extern const Scenario preempted_in_prologue;
extern const Scenario breakpoint_in_task_entry;
extern const Scenario irq_without_frame_table;
extern const Scenario irq_with_scratch_fp;
// compiled_moments.cpp
extern const Scenario irq_in_alloca_frame;
extern const Scenario irq_in_compiled_prologue;
extern const Scenario irq_in_compiled_epilogue;
// traced_moments.cpp
extern const Scenario graph_irq_in_prologue;
extern const Scenario graph_irq_in_body;
extern const Scenario graph_irq_in_epilogue;
extern const Scenario graph_irq_before_authentication;
extern const Scenario graph_irq_with_hook_in_lr;
// modules.cpp
extern const Scenario module_call;
extern const Scenario module_special;
extern const Scenario module_interrupted;
extern const Scenario module_interrupted_early;
extern const Scenario module_interrupted_large;
extern const Scenario module_unloaded;
// module_changes.cpp
extern const Scenario modules_change_during_walk;
extern const Scenario modules_change_by_interrupts;
// faults.cpp
extern const Scenario brk_probe;
extern const Scenario data_abort;
extern const Scenario stack_overflow;
// corruption.cpp
extern const Scenario fp_self_loop;
extern const Scenario fp_two_cycle;
extern const Scenario fp_misaligned;
extern const Scenario fp_wild;
extern const Scenario lr_not_text;
extern const Scenario unknown_metadata;
extern const Scenario final_record_misplaced;

/// Those that every image has, and then this image's own, in the order in which they run.
extern const std::span<const Scenario* const> common_scenarios;
extern const std::span<const Scenario* const> own_scenarios;

}  // namespace demo
