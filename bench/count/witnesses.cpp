// SPDX-License-Identifier: MIT
#include "count/witnesses.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include "count/chain.hpp"
#include "count/code.hpp"
#include "count/counted_walk.hpp"
#include "count/counter.hpp"
#include "count/kernel_like.hpp"

namespace bench {
namespace {

using surefoot::AddressRange;
using surefoot::Witnesses;

// Code that can be read: functions of which each calls the one before it, and behind them the outermost one. The call
// is where the row is in terms of sp.
constexpr std::size_t function_count = 64;
constexpr std::uint64_t call_offset = 4;
constinit std::array<std::uint32_t, (function_count + 1) * function_size / 4> code{};

std::uint64_t start_of(std::size_t function) noexcept { return address_of(code[0]) + function * function_size; }

void write_call(std::size_t function, std::size_t callee) noexcept {
  const std::uint64_t words = (start_of(callee) - start_of(function) - call_offset) / 4;
  code[(function * function_size + call_offset) / 4] =
      0x9400'0000U | (static_cast<std::uint32_t>(words) & 0x03ff'ffffU);
}

void count_with(const char* name, const Witnesses& witnesses) noexcept {
  struct Depth {
    std::size_t frames;
    const char* name;
  };
  constexpr Depth depths[] = {{8, "8"}, {16, "16"}, {128, "128"}, {1000, "1000"}};
  describe({.function_count = function_count + 1,
            .text = AddressRange(start_of(0), start_of(function_count + 1)),
            .has_outermost = true,
            .witnesses = witnesses});
  for (std::size_t i = 0; i < function_count; ++i) write_call(i, (i + function_count - 1) % function_count);
  for (const Depth& depth : depths) {
    const std::span<FrameShape> frames = make_plain_frames(depth.frames, start_of(0), function_count);
    for (FrameShape& frame : frames) frame.pc += call_offset + 4 - pc_offset;
    frames.back().pc = start_of(function_count) + call_offset + 4;
    write_call(function_count, (depth.frames - 2) % function_count);
    const Shape shape{.frames = frames};
    make_task(lay_chain(shape));
    count_walk({name, depth.name}, shape, {});
  }
}

}  // namespace

void count_witnesses() noexcept {
  count_with("walk_call_site", Witnesses({.call_site = true}));
  count_with("walk_call_target", Witnesses({.call_site = true, .call_target = true}));
  count_with("walk_frame_table_chain", Witnesses({.frame_table_chain = true}));
  count_with("walk_shadow_call_stack", Witnesses({.shadow_call_stack = true}));
  count_with("walk_all_witnesses",
             Witnesses({.call_site = true, .call_target = true, .frame_table_chain = true, .shadow_call_stack = true}));
}

}  // namespace bench
