// SPDX-License-Identifier: MIT
//
// The rows, written down from entry-ftrace.S and the macro in return_trampoline.h. They are not derived from the ranges
// that are declared there: those are what the rows are for.
#include "trampoline_rows.hpp"

namespace surefoot::testing {
namespace {

using enum State;

constexpr Row ftrace_regs_caller[] = {
    {"hint", entered},
    {"sub sp, sp, #0x130", entered},
    {"stp x0, x1", frame_begun},
    {"stp x2, x3", frame_begun},
    {"stp x4, x5", frame_begun},
    {"stp x6, x7", frame_begun},
    {"stp x8, x9", frame_begun},
    {"stp x10, x11", frame_begun},
    {"stp x12, x13", frame_begun},
    {"stp x14, x15", frame_begun},
    {"stp x16, x17", frame_begun},
    {"stp xzr, x19", frame_begun},
    {"stp x20, x21", frame_begun},
    {"stp x22, x23", frame_begun},
    {"stp x24, x25", frame_begun},
    {"stp x26, x27", frame_begun},
    {"str x28", frame_begun},
    {"orr x10, x30, #1", frame_begun},
    {"str x10", frame_begun},
    {"stp x29, x9, [sp, #0xe8]", frame_begun},
    {"add x10, sp, #0x130", fp_and_lr_saved},
    {"stp x10, x30, [sp, #0xf8]", fp_and_lr_saved},
    {"add x10, sp, #0x120", pc_saved},
    {"stp x29, x9, [x10]", pc_saved},
    {"stp x10, x30, [sp, #0x110]", caller_record_written},
    {"add x29, sp, #0x110", records_written},
    {"b", in_frame},
};

constexpr Row ftrace_caller[] = {
    {"hint", entered},
    {"sub sp, sp, #0x130", entered},
    {"stp x0, x1", frame_begun},
    {"stp x2, x3", frame_begun},
    {"stp x4, x5", frame_begun},
    {"stp x6, x7", frame_begun},
    {"str x8", frame_begun},
    {"mov x10, x30", frame_begun},
    {"str x10", frame_begun},
    {"stp x29, x9, [sp, #0xe8]", frame_begun},
    {"add x10, sp, #0x130", fp_and_lr_saved},
    {"stp x10, x30, [sp, #0xf8]", fp_and_lr_saved},
    {"add x10, sp, #0x120", pc_saved},
    {"stp x29, x9, [x10]", pc_saved},
    {"stp x10, x30, [sp, #0x110]", caller_record_written},
    {"add x29, sp, #0x110", records_written},
    {"b", in_frame},
};

constexpr Row ftrace_common[] = {
    {"mov x0, sp", in_frame},
};

constexpr Row ftrace_call[] = {
    {"bl", in_frame},
};

constexpr Row ftrace_graph_call[] = {
    {"nop", tracers_called},
};

constexpr Row ftrace_common_return[] = {
    {"ldr x10", graph_tracer_called},
    {"tbz w10, #0", graph_tracer_called},
    {"ldp x10, x11", graph_tracer_called},
    {"ldp x12, x13", graph_tracer_called},
    {"ldp x14, x15", graph_tracer_called},
    {"ldp x16, x17", graph_tracer_called},
    {"ldp x19, x20", graph_tracer_called},
    {"ldp x21, x22", graph_tracer_called},
    {"ldp x23, x24", graph_tracer_called},
    {"ldp x25, x26", graph_tracer_called},
    {"ldp x27, x28", graph_tracer_called},
    {"ldp x0, x1", graph_tracer_called},
    {"ldp x2, x3", graph_tracer_called},
    {"ldp x4, x5", graph_tracer_called},
    {"ldp x6, x7", graph_tracer_called},
    {"ldr x8", graph_tracer_called},
    {"ldp x29, x30, [sp, #0xe8]", graph_tracer_called},
    {"ldr x9, [sp, #0x100]", x29_restored},
    {"add sp, sp, #0x130", way_back_in_x9},
    {"ret x9", frame_given_back},
};

constexpr Row ftrace_graph_caller[] = {
    {"mov x0, sp", tracers_called},
    {"bl", tracers_called},
    {"b", graph_tracer_called},
};

constexpr Row return_to_handler[] = {
    {"sub sp, sp, #0x60", handler_entered},
    {"stp x0, x1", handler_frame_begun},
    {"stp x2, x3", handler_frame_begun},
    {"stp x4, x5", handler_frame_begun},
    {"stp x6, x7", handler_frame_begun},
    {"str x8", handler_frame_begun},
    {"adr x30", handler_frame_begun},
    {"stp x29, x30, [sp, #0x50]", handler_hook_in_lr},
    {"add x29, sp, #0x50", handler_record_written},
    {"mov x0, sp", handler_in_frame},
    {"bl", handler_in_frame},
    {"mov x30, x0", handler_called},
    {"mov x10, x1", handler_lr_loaded},
    {"ldr x29, [sp, #0x50]", handler_lr_loaded},
    {"ldp x0, x1", handler_fp_loaded},
    {"ldp x2, x3", handler_fp_loaded},
    {"ldp x4, x5", handler_fp_loaded},
    {"ldp x6, x7", handler_fp_loaded},
    {"ldr x8", handler_fp_loaded},
    {"add sp, sp, #0x60", handler_fp_loaded},
    {"ldr x12, [x10]", handler_sp_given_back},
    {"ldr w11, [x10, #8]", handler_sp_given_back},
    {"sub w11, w11, #1", handler_sp_given_back},
    {"add x12, x12, x11", handler_sp_given_back},
    {"str xzr, [x12]", handler_sp_given_back},
    {"str w11, [x10, #8]", handler_slot_invalid},
    {"ret", handler_popped},
};

constexpr Row ftrace_stub[] = {
    {"hint", in_stub},
    {"ret", in_stub},
};

constexpr RowsOfSymbol all[] = {
    {"ftrace_regs_caller", SpecialKind::ftrace_trampoline, ftrace_regs_caller},
    {"ftrace_caller", SpecialKind::ftrace_trampoline, ftrace_caller},
    {"ftrace_common", SpecialKind::ftrace_trampoline, ftrace_common},
    {"ftrace_call", SpecialKind::ftrace_call, ftrace_call},
    {"ftrace_graph_call", SpecialKind::ftrace_call, ftrace_graph_call},
    {"ftrace_common_return", SpecialKind::ftrace_trampoline, ftrace_common_return},
    {"ftrace_graph_caller", SpecialKind::ftrace_graph_caller, ftrace_graph_caller},
    {"return_to_handler", SpecialKind::return_to_handler, return_to_handler},
    {"ftrace_stub", SpecialKind::ftrace_trampoline, ftrace_stub},
};

}  // namespace

std::span<const RowsOfSymbol> trampoline_rows() { return all; }

}  // namespace surefoot::testing
