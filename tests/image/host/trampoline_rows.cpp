// SPDX-License-Identifier: MIT
//
// The rows, written down from entry-ftrace.S and the macro in return_trampoline.h. They are not derived from the ranges
// that are declared there: those are what the rows are for.
#include "trampoline_rows.hpp"

namespace surefoot::testing {
namespace {

using enum State;

constexpr Row ftrace_regs_caller[] = {
    {"hint", before_frame}, {"sub", before_frame}, {"stp", before_frame}, {"stp", before_frame}, {"stp", before_frame},
    {"stp", before_frame},  {"stp", before_frame}, {"stp", before_frame}, {"stp", before_frame}, {"stp", before_frame},
    {"stp", before_frame},  {"stp", before_frame}, {"stp", before_frame}, {"stp", before_frame}, {"stp", before_frame},
    {"stp", before_frame},  {"str", before_frame}, {"orr", before_frame}, {"str", before_frame}, {"stp", before_frame},
    {"add", before_frame},  {"stp", before_frame}, {"add", before_frame}, {"stp", before_frame}, {"stp", before_frame},
    {"add", before_frame},  {"b", in_frame},
};

constexpr Row ftrace_caller[] = {
    {"hint", before_frame}, {"sub", before_frame}, {"stp", before_frame}, {"stp", before_frame}, {"stp", before_frame},
    {"stp", before_frame},  {"str", before_frame}, {"mov", before_frame}, {"str", before_frame}, {"stp", before_frame},
    {"add", before_frame},  {"stp", before_frame}, {"add", before_frame}, {"stp", before_frame}, {"stp", before_frame},
    {"add", before_frame},  {"b", in_frame},
};

constexpr Row ftrace_common[] = {
    {"mov", in_frame},
};

constexpr Row ftrace_call[] = {
    {"bl", in_frame},
};

constexpr Row ftrace_graph_call[] = {
    {"nop", in_frame},
};

constexpr Row ftrace_common_return[] = {
    {"ldr", in_frame}, {"tbz", in_frame}, {"ldp", in_frame},     {"ldp", in_frame},       {"ldp", in_frame},
    {"ldp", in_frame}, {"ldp", in_frame}, {"ldp", in_frame},     {"ldp", in_frame},       {"ldp", in_frame},
    {"ldp", in_frame}, {"ldp", in_frame}, {"ldp", in_frame},     {"ldp", in_frame},       {"ldp", in_frame},
    {"ldr", in_frame}, {"ldp", in_frame}, {"ldr", x29_restored}, {"add", way_back_in_x9}, {"ret", way_back_in_x9},
};

constexpr Row ftrace_graph_caller[] = {
    {"mov", in_frame},
    {"bl", in_frame},
    {"b", in_frame},
};

constexpr Row return_to_handler[] = {
    {"sub", handler_entered},  {"stp", handler_entered},  {"stp", handler_entered}, {"stp", handler_entered},
    {"stp", handler_entered},  {"str", handler_entered},  {"adr", handler_entered}, {"stp", handler_entered},
    {"add", handler_entered},  {"mov", handler_in_frame}, {"bl", handler_in_frame}, {"mov", handler_in_frame},
    {"mov", handler_in_frame}, {"ldr", handler_in_frame}, {"ldp", handler_has_lr},  {"ldp", handler_has_lr},
    {"ldp", handler_has_lr},   {"ldp", handler_has_lr},   {"ldr", handler_has_lr},  {"add", handler_has_lr},
    {"ldr", handler_has_lr},   {"ldr", handler_has_lr},   {"sub", handler_has_lr},  {"add", handler_has_lr},
    {"str", handler_has_lr},   {"str", handler_has_lr},   {"ret", handler_has_lr},
};

constexpr Row ftrace_stub[] = {
    {"hint", stub},
    {"ret", stub},
};

constexpr RowsOfSymbol all[] = {
    {"ftrace_regs_caller", ftrace_regs_caller},
    {"ftrace_caller", ftrace_caller},
    {"ftrace_common", ftrace_common},
    {"ftrace_call", ftrace_call},
    {"ftrace_graph_call", ftrace_graph_call},
    {"ftrace_common_return", ftrace_common_return},
    {"ftrace_graph_caller", ftrace_graph_caller},
    {"return_to_handler", return_to_handler},
    {"ftrace_stub", ftrace_stub},
};

}  // namespace

std::span<const RowsOfSymbol> trampoline_rows() { return all; }

}  // namespace surefoot::testing
