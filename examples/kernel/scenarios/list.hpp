// SPDX-License-Identifier: MIT
//
// Every scenario, in the order in which the demo runs them.
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

inline constexpr const Scenario* const all_scenarios[] = {
    &plain,
    &deep,
    &blocked_task,
    &tracer_callback,
    &tracer_callback_regs,
    &live_patch_redirect,
    &live_patch_pc_only,
    &graph_one,
    &graph_nested,
    &graph_tail_call,
    &graph_recursion,
    &graph_exit_callback,
    &graph_full_stack,
    &graph_leaf_interrupted,
    &graph_and_function_tracer,
    &irq_preempted,
    &preempted_in_prologue,
    &irq_in_prologue,
    &irq_before_fp,
    &irq_in_epilogue,
    &irq_in_leaf,
    &irq_in_alloca_frame,
    &irq_in_large_prologue,
    &irq_in_large_epilogue,
    &irq_outside_shrink_wrap,
    &irq_on_other_stack,
    &irq_after_signing,
    &irq_before_authentication,
    &irq_in_compiled_prologue,
    &irq_in_compiled_epilogue,
    &graph_irq_in_prologue,
    &graph_irq_in_body,
    &graph_irq_in_epilogue,
    &graph_irq_before_authentication,
    &graph_irq_with_hook_in_lr,
    &breakpoint_in_task_entry,
    &irq_without_frame_table,
    &irq_with_scratch_fp,
    &from_interrupted_frame,
    &irq_nested_on_sync,
    &brk_probe,
    &data_abort,
    &stack_overflow,
    &irq_in_trampoline,
    &irq_in_return_to_handler,
    &fp_self_loop,
    &fp_two_cycle,
    &fp_misaligned,
    &fp_wild,
    &fp_other_stack,
    &lr_not_text,
    &missing_return_entry,
    &leftover_return_entry,
    &unknown_metadata,
    &final_record_misplaced,
    &truncated,
    &running_task_refused,
    &pac_signed,
    &svc_from_user,
    &from_user_frame,
    &special_function,
    &bad_table,
    &module_call,
    &module_special,
    &module_interrupted,
    &module_interrupted_early,
    &module_interrupted_large,
    &module_unloaded,
    &modules_change_during_walk,
    &modules_change_by_interrupts,
};

}  // namespace demo
