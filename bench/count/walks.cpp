// SPDX-License-Identifier: MIT
#include "count/walks.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include "count/chain.hpp"
#include "count/code.hpp"
#include "count/counted_walk.hpp"
#include "count/counter.hpp"
#include "count/kernel_like.hpp"
#include "surefoot/records.hpp"

namespace bench {
namespace {

using surefoot::Evidence;
using surefoot::EvidenceBit;
using surefoot::Policy;

constinit std::array<std::uint64_t, max_depth> addresses{};

struct Depth {
  std::size_t frames;
  const char* name;
};
constexpr Depth depths[] = {{8, "8"},     {16, "16"},     {24, "24"},       {32, "32"},
                            {128, "128"}, {1000, "1000"}, {10'000, "10000"}};

// What the others are compared with: follows the records to a zero, and believes everything.
[[gnu::noinline]] std::size_t chase(std::uint64_t fp, std::uint64_t* out, std::size_t capacity) noexcept {
  std::size_t count = 0;
  while (fp != 0 && count < capacity) {
    const auto* record = reinterpret_cast<const surefoot::FrameRecord*>(fp);
    out[count++] = record->lr;
    fp = record->fp;
  }
  return count;
}

void count_chases() noexcept {
  for (const Depth& depth : depths) {
    const Shape shape{.frames = make_plain_frames(depth.frames, image_start)};
    const Chain chain = lay_chain(shape);
    CountedCall call{.function = reinterpret_cast<std::uintptr_t>(&chase),
                     .arguments = {chain.fp, address_of(addresses[0]), addresses.size()}};
    const Cost first = count(call);
    // The record of frame i holds the pc of frame i + 1, and the last one a zero.
    bool is_right = call.result == depth.frames;
    for (std::size_t i = 1; i < depth.frames; ++i) {
      is_right = is_right && strip(addresses[i - 1]) == shape.frames[i].pc;
    }
    if (!is_right) report_failure({"chase", depth.name}, "the addresses are not those of the chain");
    if (count(call) != first) report_failure({"chase", depth.name}, "not the same count twice");
    report_count({"chase", depth.name}, first.instructions);
  }
}

// Chains of plain records. `code_start` and the ranges say whether a frame is inside the bounds of the table of special
// code.
void count_plain(const char* name, Policy policy, std::uint64_t code_start) noexcept {
  constexpr KernelShape kernel{.function_count = 100};
  describe(policy == Policy::exact ? kernel : KernelShape{});
  for (const Depth& depth : depths) {
    const Shape shape{.frames = make_plain_frames(depth.frames, code_start, kernel.ranges.image - 1)};
    make_task(lay_chain(shape));
    count_walk({name, depth.name}, shape, {.policy = policy});
  }
}

// Chains of which each frame but the innermost has a rewritten return address, without and with. The difference is what
// the rewriting costs.
void count_restores() noexcept {
  constexpr Depth hooked_depths[] = {{1, "1"}, {64, "64"}};
  describe({});
  for (const Depth& hooked : hooked_depths) {
    for (const bool is_hooked : {false, true}) {
      const std::span<FrameShape> frames = make_plain_frames(hooked.frames + 1, image_start);
      for (FrameShape& frame : frames.subspan(1)) frame.hook = is_hooked ? return_hook : 0;
      const Shape shape{.frames = frames};
      make_task(lay_chain(shape));
      count_walk({is_hooked ? "hooked" : "unhooked", hooked.name}, shape,
                 {.evidence = is_hooked ? Evidence(EvidenceBit::return_address_hooked) : Evidence()});
    }
  }
}

// Eight frames, without and with an exception in the middle: without a frame table, where the walk goes on from the
// frame pointer and says that it cannot be sure, and with one, which has a rule for the interrupted code.
void count_exceptions() noexcept {
  for (const Policy policy : {Policy::strict, Policy::exact}) {
    const bool is_exact = policy == Policy::exact;
    describe({.function_count = is_exact ? std::size_t{100} : std::size_t{0}});
    for (const bool has_exception : {false, true}) {
      const Shape shape{.frames = make_plain_frames(8, image_start),
                        .interrupted = has_exception ? std::size_t{4} : std::size_t{0}};
      make_task(lay_chain(shape));
      Expected expected{.policy = policy};
      if (has_exception) {
        expected.is_reliable = is_exact;
        expected.evidence = EvidenceBit::crossed_exception;
        if (!is_exact) expected.evidence |= EvidenceBit::unknown_interrupted_code;
      }
      count_walk({has_exception ? "exception" : "no_exception", is_exact ? "exact" : "strict"}, shape, expected);
    }
  }
}

}  // namespace

void count_walks() noexcept {
  count_chases();
  count_plain("walk_strict", Policy::strict, image_start);
  count_plain("walk_exact", Policy::exact, image_start);
  count_plain("walk_among_special", Policy::strict, image_special_start);
  count_restores();
  count_exceptions();
}

}  // namespace bench
