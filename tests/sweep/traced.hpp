// SPDX-License-Identifier: MIT
//
// The functions that workloads are made of. All of them can be traced.
#pragma once

#include <cstdint>

namespace sweep {

/// Keeps a call from becoming a tail call, and with it the caller on the stack.
[[gnu::always_inline]] inline void stay_on_stack() noexcept { asm volatile("" ::: "memory"); }

/// Calls three deep, and one of them twice.
std::uint64_t calls_plain(std::uint64_t x) noexcept;
/// Recursion by one function, and by two in turn.
std::uint64_t recurses(unsigned depth) noexcept;
std::uint64_t recurses_in_turn(unsigned depth) noexcept;
/// A chain of tail calls, entered by a call and by a tail call.
std::uint64_t calls_tail(std::uint64_t x) noexcept;
/// A leaf that calls nothing.
std::uint64_t leaf(std::uint64_t x) noexcept;
/// A tail call of the leaf.
std::uint64_t tail_calls_leaf(std::uint64_t x) noexcept;
/// Calls through pointers, one of them a tail call.
std::uint64_t calls_back(std::uint64_t x) noexcept;
/// Recursion, and the function called innermost.
void calls_at_depth(std::uint64_t depth, void (*function)() noexcept) noexcept;
/// A pseudo-random graph of calls from a seed, with ends by a budget of calls.
void calls_at_random(std::uint64_t seed) noexcept;

/// The function that a live patch puts in the place of this one, or 0.
[[nodiscard]] std::uint64_t replacement_of(std::uint64_t function) noexcept;

}  // namespace sweep
