// SPDX-License-Identifier: MIT
//
// Compiled with -fpatchable-function-entry=2 and -fno-optimize-sibling-calls.
#include "traced.hpp"

// After a call: the call is not the function's last deed, whatever the optimiser thinks of it.
#define STAY_ON_STACK() asm volatile("" ::: "memory")

#define TRACED [[gnu::noinline]]

TRACED std::uint64_t traced_leaf(std::uint64_t value) { return value + 1; }

TRACED std::uint64_t traced_replacement(std::uint64_t value) { return value + 1000; }

TRACED std::uint64_t traced_probe() {
  probe();
  STAY_ON_STACK();
  return 7;
}

TRACED std::uint64_t replacement_probe() {
  probe();
  STAY_ON_STACK();
  return 70;
}

TRACED std::uint64_t traced_outer() {
  const std::uint64_t result = traced_probe();
  STAY_ON_STACK();
  return result + 1;
}

TRACED std::uint64_t traced_tail_outer() {
  const std::uint64_t result = traced_tail_caller();
  STAY_ON_STACK();
  return result + 1;
}

TRACED std::uint64_t traced_recursion(std::uint64_t depth) {
  if (depth == 0) {
    probe();
    STAY_ON_STACK();
    return 0;
  }
  const std::uint64_t result = traced_recursion(depth - 1);
  STAY_ON_STACK();
  return result + 1;
}

TRACED Pair traced_pair(std::uint64_t a0, std::uint64_t a1, std::uint64_t a2, std::uint64_t a3, std::uint64_t a4,
                        std::uint64_t a5, std::uint64_t a6, std::uint64_t a7) {
  return {a0 + 3 * a2 + 5 * a4 + 7 * a6, a1 + 11 * a3 + 13 * a5 + 17 * a7};
}

TRACED Eight traced_eight(std::uint64_t a0, std::uint64_t a1, std::uint64_t a2, std::uint64_t a3, std::uint64_t a4,
                          std::uint64_t a5, std::uint64_t a6, std::uint64_t a7) {
  return {{a0, a1, a2, a3, a4, a5, a6, a7}};
}

TRACED std::uint64_t nested_1() {
  probe();
  STAY_ON_STACK();
  return 1;
}

#define NESTED(name, callee)               \
  TRACED std::uint64_t name() {            \
    const std::uint64_t result = callee(); \
    STAY_ON_STACK();                       \
    return result + 1;                     \
  }

NESTED(nested_2, nested_1)
NESTED(nested_3, nested_2)
NESTED(nested_4, nested_3)
NESTED(nested_5, nested_4)
NESTED(nested_6, nested_5)
NESTED(nested_7, nested_6)
NESTED(nested_8, nested_7)
