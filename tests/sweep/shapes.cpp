// SPDX-License-Identifier: MIT
//
// Compiled for tracing. None is local to this file, for the reason that traced.cpp gives.
#include "sweep/shapes.hpp"

#include <cstdarg>
#include <cstddef>

#include "arch/panic.hpp"
#include "sweep/traced.hpp"

namespace sweep {

[[gnu::noinline]] std::uint64_t has_alloca(std::uint64_t size) noexcept {
  auto* const room = static_cast<volatile unsigned char*>(__builtin_alloca(size));
  room[size - 1] = 1;
  const std::uint64_t y = leaf(size) + room[size - 1];
  stay_on_stack();
  return y;
}

[[gnu::noinline]] std::uint64_t has_alloca_in_loop(std::uint64_t count) noexcept {
  volatile unsigned char* last = nullptr;
  for (std::uint64_t i = 1; i <= count; ++i) {
    auto* const room = static_cast<volatile unsigned char*>(__builtin_alloca(i * 40));
    room[0] = last == nullptr ? 1 : last[0];
    last = room;
    leaf(i);
  }
  stay_on_stack();
  return last == nullptr ? 0 : last[0];
}

[[gnu::noinline]] std::uint64_t has_large_frame(std::uint64_t x) noexcept {
  volatile std::uint64_t room[1100];
  room[x % 1100] = x;
  const std::uint64_t y = leaf(room[x % 1100]);
  stay_on_stack();
  return y + room[x % 1100];
}

// All ten callee-saved registers hold something over the calls.
[[gnu::noinline]] std::uint64_t has_many_registers(std::uint64_t x) noexcept {
  const std::uint64_t a = leaf(x + 1);
  const std::uint64_t b = leaf(a + 2);
  const std::uint64_t c = leaf(b + 3);
  const std::uint64_t d = leaf(c + 4);
  const std::uint64_t e = leaf(d + 5);
  const std::uint64_t f = leaf(e + 6);
  const std::uint64_t g = leaf(f + 7);
  const std::uint64_t h = leaf(g + 8);
  const std::uint64_t i = leaf(h + 9);
  const std::uint64_t j = leaf(i + 10);
  const std::uint64_t k = leaf(j + 11);
  stay_on_stack();
  return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ i ^ j ^ k ^ x;
}

// More arguments than there are registers for them.
[[gnu::noinline]] std::uint64_t takes_from_stack(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d,
                                                 std::uint64_t e, std::uint64_t f, std::uint64_t g, std::uint64_t h,
                                                 std::uint64_t i, std::uint64_t j, std::uint64_t k) noexcept {
  const std::uint64_t y = leaf(i + j + k);
  stay_on_stack();
  return a + b + c + d + e + f + g + h + y;
}

// With a frame of unknown size around the call, the arguments are pushed for it.
[[gnu::noinline]] std::uint64_t passes_on_stack(std::uint64_t x) noexcept {
  auto* const room = static_cast<volatile unsigned char*>(__builtin_alloca(x + 16));
  room[0] = 1;
  const std::uint64_t y = takes_from_stack(x, 2, 3, 4, 5, 6, 7, 8, x, 10, room[0]);
  stay_on_stack();
  return y;
}

[[gnu::noinline]] std::uint64_t takes_variable(unsigned count, ...) noexcept {
  std::va_list arguments;
  va_start(arguments, count);
  std::uint64_t y = 0;
  for (unsigned i = 0; i < count; ++i) y += leaf(va_arg(arguments, std::uint64_t));
  va_end(arguments);
  stay_on_stack();
  return y;
}

[[gnu::noinline]] std::uint64_t has_variable_arguments(std::uint64_t x) noexcept {
  const std::uint64_t y = takes_variable(2, x, x + 1) + takes_variable(10, x, x, x, x, x, x, x, x, x, x);
  stay_on_stack();
  return y;
}

[[gnu::noinline]] std::uint64_t is_shrink_wrapped(std::uint64_t x) noexcept {
  if (x % 2 == 0) return x + 1;
  std::uint64_t y = x;
  for (unsigned i = 0; i < 3; ++i) y += leaf(y) * x;
  return y;
}

[[gnu::noinline]] std::uint64_t has_several_ends(std::uint64_t x) noexcept {
  const std::uint64_t y = leaf(x);
  if (x == 0) return y;
  const std::uint64_t z = leaf(y + x);
  if (x == 1) return leaf(z);  // a tail call
  if (x == 2) {
    const std::uint64_t w = leaf(z) + y;
    stay_on_stack();
    return w * z;
  }
  stay_on_stack();
  return y + z;
}

[[gnu::noinline]] std::uint64_t has_jump_table(std::uint64_t x) noexcept {
  std::uint64_t y = 0;
  switch (x) {
    case 0: y = leaf(1); break;
    case 1: y = has_several_ends(0); break;
    case 2: y = leaf(7) + leaf(8); break;
    case 3: return x * 11;
    case 4: y = is_shrink_wrapped(3); break;
    case 5: y = bare_leaf(x); break;
    case 6: return leaf(x);
    case 7: y = calls_plain(x) ^ x; break;
    case 8: y = x << 9; break;
    case 9: y = leaf(leaf(x)); break;
    case 10: y = bare_leaf(x) + 1; break;
    case 11: y = has_several_ends(2); break;
    case 12: y = x * x; break;
    case 13: y = leaf(3) * 3; break;
    case 14: y = bare_leaf_with_frame(x); break;
    default: break;
  }
  stay_on_stack();
  return y + 1;
}

[[gnu::noinline]] std::uint64_t has_loop(std::uint64_t x) noexcept {
  std::uint64_t y = 0;
  for (std::uint64_t i = 0; i < x; ++i) {
    if (i % 3 == 1) continue;
    y += leaf(y + i);
    if (y == 0x1234'5678) break;
  }
  stay_on_stack();
  return y;
}

[[gnu::noinline]] std::uint64_t may_not_return(std::uint64_t x) noexcept {
  if (x == 0) kernel::panic("a workload took a path that it must not take");
  const std::uint64_t y = leaf(x);
  if (y == ~std::uint64_t{0}) kernel::panic("a leaf returned what it cannot");
  stay_on_stack();
  return y + x;
}

[[gnu::noinline, gnu::target("branch-protection=bti+pac-ret+b-key")]] std::uint64_t is_signed_by_b_key(
    std::uint64_t x) noexcept {
  const std::uint64_t y = leaf(x);
  stay_on_stack();
  return y + 1;
}

[[gnu::noinline, gnu::target("branch-protection=bti+pac-ret+leaf")]] std::uint64_t is_signed_leaf(
    std::uint64_t x) noexcept {
  return x * 5;
}

namespace {

// Keeps a result, so that the call is made.
void use(std::uint64_t result) noexcept { asm volatile("" ::"r"(result) : "memory"); }

}  // namespace

[[gnu::noinline]] void calls_assembly_shapes(std::uint64_t x) noexcept {
  using Function = std::uint64_t (*)(std::uint64_t, SweepCallee) noexcept;
  constexpr Function with_callee[] = {sweep_record_at_top,      sweep_record_by_single_stores, sweep_frame_by_register,
                                      sweep_realigned_frame,    sweep_ends_in_tail_calls,      sweep_lr_as_scratch,
                                      sweep_saves_below_record, sweep_moves_sp_in_body,        sweep_signed_twice};
  for (const Function function : with_callee) use(function(x, leaf));
  use(sweep_leaf_with_frame(x));
  use(sweep_leaf_with_saved_lr(x));
}

void calls_shapes() noexcept {
  use(has_alloca(24));
  use(has_alloca(200));
  use(has_alloca_in_loop(3));
  use(has_large_frame(7));
  use(has_many_registers(1));
  use(passes_on_stack(5));
  use(has_variable_arguments(3));
  use(is_shrink_wrapped(2));
  use(is_shrink_wrapped(3));
  for (std::uint64_t x = 0; x < 4; ++x) use(has_several_ends(x));
  for (std::uint64_t x = 0; x < 16; ++x) use(has_jump_table(x));
  use(has_loop(5));
  use(may_not_return(1));
  use(is_signed_by_b_key(1));
  use(is_signed_leaf(1));
  use(bare_leaf(1));
  use(bare_leaf_with_frame(1));
  use(bare_leaf_with_loop(3));
  for (std::uint64_t x = 0; x < 3; ++x) calls_assembly_shapes(x);
  stay_on_stack();
}

}  // namespace sweep
