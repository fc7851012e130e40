// SPDX-License-Identifier: MIT
//
// What every image with scenarios runs, whatever kind of kernel it is.
#include "scenarios/list.hpp"

namespace demo {
namespace {

constexpr const Scenario* common[] = {
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
    &special_function,
    &bad_table,
};

}  // namespace

constinit const std::span<const Scenario* const> common_scenarios = common;

}  // namespace demo
