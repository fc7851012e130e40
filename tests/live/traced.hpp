// SPDX-License-Identifier: MIT
//
// Functions to be traced. traced.cpp is compiled with patch sites at their entries and without sibling calls,
// traced_tail.cpp with both. C names, so that a trace reads as the source does.
#pragma once

#include <cstdint>

extern "C" {

/// What a traced function calls when it wants to be looked at; supplied by the harness, not traced.
void probe();

/// value + 1, and no frame record at all.
std::uint64_t traced_leaf(std::uint64_t value);
/// Calls probe().
std::uint64_t traced_probe();
/// traced_probe() from one function further up.
std::uint64_t traced_outer();
/// value + 1000: what traced_leaf() is replaced by.
std::uint64_t traced_replacement(std::uint64_t value);

/// Eight functions, each calling the one before it; nested_1 calls probe().
std::uint64_t nested_1();
std::uint64_t nested_2();
std::uint64_t nested_3();
std::uint64_t nested_4();
std::uint64_t nested_5();
std::uint64_t nested_6();
std::uint64_t nested_7();
std::uint64_t nested_8();

/// Calls itself `depth` times, then probe(). Returns depth.
std::uint64_t traced_recursion(std::uint64_t depth);

/// Two words that are returned in x0 and x1, made from eight that were passed in x0 to x7.
struct Pair {
  std::uint64_t first;
  std::uint64_t second;
};
Pair traced_pair(std::uint64_t a0, std::uint64_t a1, std::uint64_t a2, std::uint64_t a3, std::uint64_t a4,
                 std::uint64_t a5, std::uint64_t a6, std::uint64_t a7);

/// The arguments as they came, in memory that x8 named.
struct Eight {
  std::uint64_t words[8];
};
Eight traced_eight(std::uint64_t a0, std::uint64_t a1, std::uint64_t a2, std::uint64_t a3, std::uint64_t a4,
                   std::uint64_t a5, std::uint64_t a6, std::uint64_t a7);

/// Calls probe(). Meant as the target of a redirection of traced_probe().
std::uint64_t replacement_probe();

/// Ends in a branch to traced_probe().
std::uint64_t traced_tail_caller();
/// Calls that: the function that is returned to.
std::uint64_t traced_tail_outer();
}
