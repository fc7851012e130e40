// SPDX-License-Identifier: MIT
//
// A pseudo-random graph of calls: functions of three kinds, each in several copies so that they have addresses of their
// own, which choose whom to call as they go. Compiled for tracing.
#include <cstddef>

#include "sweep/traced.hpp"

namespace sweep {
namespace {

using Node = std::uint64_t (*)(std::uint64_t x, unsigned depth) noexcept;

constinit std::uint64_t random_state = 1;
constinit unsigned calls_left = 0;

// xorshift64: any state but 0 leads through all others.
[[gnu::always_inline]] inline std::uint64_t next_random() noexcept {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
}

[[gnu::always_inline]] inline Node choose() noexcept;

template <std::size_t copy>
[[gnu::noinline]] std::uint64_t leaf_node(std::uint64_t x, unsigned) noexcept {
  return x * (2 * copy + 3);
}

template <std::size_t copy>
[[gnu::noinline]] std::uint64_t plain_node(std::uint64_t x, unsigned depth) noexcept {
  if (depth == 0) return x + copy;
  const std::uint64_t calls = 1 + next_random() % 3;
  for (std::uint64_t i = 0; i < calls; ++i) x += choose()(x, depth - 1);
  stay_on_stack();
  return x + copy;
}

template <std::size_t copy>
[[gnu::noinline]] std::uint64_t tail_node(std::uint64_t x, unsigned depth) noexcept {
  if (depth == 0) return x + copy;
  if (next_random() % 2 != 0) x += choose()(x, depth - 1);
  return choose()(x + copy, depth - 1);
}

// Volatile: the compiler is not to know who is called.
constinit volatile Node leaves[] = {leaf_node<0>, leaf_node<1>, leaf_node<2>, leaf_node<3>};
constinit volatile Node nodes[] = {plain_node<0>, plain_node<1>, plain_node<2>, plain_node<3>,
                                   tail_node<0>,  tail_node<1>,  tail_node<2>,  tail_node<3>,
                                   leaf_node<0>,  leaf_node<1>,  plain_node<0>, plain_node<1>,
                                   tail_node<0>,  tail_node<1>,  plain_node<2>, leaf_node<2>};

[[gnu::always_inline]] inline Node choose() noexcept {
  const std::uint64_t random = next_random() >> 32;
  if (calls_left == 0) return leaves[random % 4];
  --calls_left;
  return nodes[random % 16];
}

}  // namespace

void calls_at_random(std::uint64_t seed) noexcept {
  constexpr unsigned most_calls = 60;
  constexpr unsigned most_depth = 8;
  random_state = seed * 0x9e37'79b9'7f4a'7c15;  // spreads seeds that differ in a few bits; odd, so that none gives 0
  calls_left = most_calls;
  while (calls_left != 0) {
    const std::uint64_t x = choose()(seed, most_depth);
    asm volatile("" ::"r"(x) : "memory");
  }
}

}  // namespace sweep
