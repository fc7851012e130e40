// SPDX-License-Identifier: MIT
//
// Functions of every shape that compilers give to prologues, bodies and epilogues, and some that only people write. All
// can be traced. What they compute has no meaning.
#pragma once

#include <cstdint>

namespace sweep {

/// Frames: alloca, in a loop too; more than a page; all callee-saved registers; arguments on the stack; variable ones.
std::uint64_t has_alloca(std::uint64_t size) noexcept;
std::uint64_t has_alloca_in_loop(std::uint64_t count) noexcept;
std::uint64_t has_large_frame(std::uint64_t x) noexcept;
std::uint64_t has_many_registers(std::uint64_t x) noexcept;
std::uint64_t passes_on_stack(std::uint64_t x) noexcept;
std::uint64_t has_variable_arguments(std::uint64_t x) noexcept;

/// Flow: a frame on one path only; several ends; a jump table; a loop; a call of something that never returns, on a
/// path that is not taken.
std::uint64_t is_shrink_wrapped(std::uint64_t x) noexcept;
std::uint64_t has_several_ends(std::uint64_t x) noexcept;
std::uint64_t has_jump_table(std::uint64_t x) noexcept;
std::uint64_t has_loop(std::uint64_t x) noexcept;
std::uint64_t may_not_return(std::uint64_t x) noexcept;

/// Pointer authentication: by the B key, and in a leaf.
std::uint64_t is_signed_by_b_key(std::uint64_t x) noexcept;
std::uint64_t is_signed_leaf(std::uint64_t x) noexcept;

/// Leaves without a record, compiled with -momit-leaf-frame-pointer: with and without a frame, and with a loop.
std::uint64_t bare_leaf(std::uint64_t x) noexcept;
std::uint64_t bare_leaf_with_frame(std::uint64_t x) noexcept;
std::uint64_t bare_leaf_with_loop(std::uint64_t x) noexcept;

/// Calls every one of them, and those of shapes.S, with arguments that lead down all of their paths.
void calls_shapes() noexcept;

}  // namespace sweep

extern "C" {
/// Functions of shapes.S. Each of those that take a callee calls it with x + 1.
using SweepCallee = std::uint64_t (*)(std::uint64_t) noexcept;
std::uint64_t sweep_record_at_top(std::uint64_t x, SweepCallee callee) noexcept;
std::uint64_t sweep_record_by_single_stores(std::uint64_t x, SweepCallee callee) noexcept;
std::uint64_t sweep_frame_by_register(std::uint64_t x, SweepCallee callee) noexcept;
std::uint64_t sweep_realigned_frame(std::uint64_t x, SweepCallee callee) noexcept;
std::uint64_t sweep_ends_in_tail_calls(std::uint64_t x, SweepCallee callee) noexcept;
std::uint64_t sweep_lr_as_scratch(std::uint64_t x, SweepCallee callee) noexcept;
std::uint64_t sweep_saves_below_record(std::uint64_t x, SweepCallee callee) noexcept;
std::uint64_t sweep_moves_sp_in_body(std::uint64_t x, SweepCallee callee) noexcept;
std::uint64_t sweep_leaf_with_frame(std::uint64_t x) noexcept;
std::uint64_t sweep_leaf_with_saved_lr(std::uint64_t x) noexcept;
std::uint64_t sweep_signed_twice(std::uint64_t x, SweepCallee callee) noexcept;
}
