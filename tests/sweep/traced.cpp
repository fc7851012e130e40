// SPDX-License-Identifier: MIT
//
// Compiled for tracing. What a function does has no meaning; the results keep compilers from leaving it out.
#include "sweep/traced.hpp"

// No function is local to this file: GCC leaves out the landing pads of some that are, and patch sites that differ in
// that have no rule for the pads of the others.
namespace sweep::traced {

using Function = std::uint64_t (*)(std::uint64_t) noexcept;

[[gnu::noinline]] std::uint64_t innermost(std::uint64_t x) noexcept {
  stay_on_stack();
  return x * 3;
}

[[gnu::noinline]] std::uint64_t replaced_innermost(std::uint64_t x) noexcept {
  const std::uint64_t y = leaf(x);
  stay_on_stack();
  return y + 5;
}

[[gnu::noinline]] std::uint64_t middle(std::uint64_t x) noexcept {
  const std::uint64_t y = innermost(x) + innermost(x + 1);
  stay_on_stack();
  return y;
}

[[gnu::noinline]] std::uint64_t in_turn(unsigned depth) noexcept {
  const std::uint64_t y = depth == 0 ? leaf(depth) : recurses_in_turn(depth - 1) + 1;
  stay_on_stack();
  return y;
}

[[gnu::noinline]] std::uint64_t last_in_tail(std::uint64_t x) noexcept {
  stay_on_stack();
  return x + 7;
}

[[gnu::noinline]] std::uint64_t second_in_tail(std::uint64_t x) noexcept { return last_in_tail(leaf(x) + 1); }

[[gnu::noinline]] std::uint64_t first_in_tail(std::uint64_t x) noexcept { return second_in_tail(x + 1); }

[[gnu::noinline]] std::uint64_t apply(Function function, std::uint64_t x) noexcept {
  const std::uint64_t y = function(x);
  stay_on_stack();
  return y;
}

[[gnu::noinline]] std::uint64_t apply_in_tail(Function function, std::uint64_t x) noexcept { return function(x + 1); }

namespace {

// The compiler is not to know who is called.
constinit volatile Function callbacks[] = {innermost, leaf, first_in_tail, middle};

std::uint64_t address_of(Function function) noexcept { return reinterpret_cast<std::uintptr_t>(function); }

}  // namespace
}  // namespace sweep::traced

namespace sweep {

using namespace traced;

[[gnu::noinline]] std::uint64_t leaf(std::uint64_t x) noexcept { return x ^ x >> 3; }

std::uint64_t tail_calls_leaf(std::uint64_t x) noexcept { return leaf(x + 1); }

std::uint64_t calls_plain(std::uint64_t x) noexcept {
  const std::uint64_t y = middle(x);
  stay_on_stack();
  return y;
}

std::uint64_t recurses(unsigned depth) noexcept {
  const std::uint64_t y = depth == 0 ? leaf(depth) : recurses(depth - 1) + 1;
  stay_on_stack();
  return y;
}

std::uint64_t recurses_in_turn(unsigned depth) noexcept {
  const std::uint64_t y = depth == 0 ? leaf(depth) : in_turn(depth - 1) + 1;
  stay_on_stack();
  return y;
}

std::uint64_t calls_tail(std::uint64_t x) noexcept {
  const std::uint64_t y = first_in_tail(x) + second_in_tail(x);
  stay_on_stack();
  return y;
}

std::uint64_t calls_back(std::uint64_t x) noexcept {
  std::uint64_t y = x;
  for (const volatile Function& callback : callbacks) {
    y += apply(callback, y);
    y += apply_in_tail(callback, y);
  }
  stay_on_stack();
  return y;
}

void calls_at_depth(std::uint64_t depth, void (*function)() noexcept) noexcept {
  depth == 0 ? function() : calls_at_depth(depth - 1, function);
  stay_on_stack();
}

std::uint64_t replacement_of(std::uint64_t function) noexcept {
  if (function == address_of(innermost)) return address_of(replaced_innermost);
  if (function == address_of(last_in_tail)) return address_of(innermost);
  if (function == address_of(tail_calls_leaf)) return address_of(replaced_innermost);
  return 0;
}

}  // namespace sweep
