// SPDX-License-Identifier: MIT
#include "count/walks.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "count/chain.hpp"
#include "count/counter.hpp"
#include "count/frame_tables.hpp"
#include "count/special_tables.hpp"

namespace bench {
namespace {

using surefoot::Context;
using surefoot::Evidence;
using surefoot::EvidenceBit;
using surefoot::Frame;
using surefoot::Policy;
using surefoot::Start;
using surefoot::Trace;

constinit std::array<Frame, max_depth> frames{};
constinit std::array<std::uint64_t, max_depth> addresses{};

struct Depth {
  std::size_t frames;
  const char* name;
};
constexpr Depth depths[] = {{8, "8"}, {32, "32"}, {128, "128"}, {1000, "1000"}, {10'000, "10000"}};

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

// What a walk of a shape should say.
struct Expected {
  bool is_reliable = true;
  Evidence evidence = {};
};

bool is_as_expected(const Trace& trace, const Shape& shape, const Expected& expected) noexcept {
  if (trace.frames.size() != shape.depth || trace.verdict.stop != surefoot::StopReason::final_record) return false;
  for (std::size_t i = 0; i < shape.depth; ++i) {
    if (trace.frames[i].pc != shape.pc(i)) return false;
  }
  return trace.verdict.is_reliable() == expected.is_reliable && trace.verdict.evidence == expected.evidence;
}

using Walk = Trace (*)(const Start&, const Context&, std::span<Frame>) noexcept;

// A result that is returned in memory goes where x8 points; it has no constructor that would be skipped.
Cost count_walk(std::initializer_list<const char*> name, const Chain& chain, const Context& context, const Shape& shape,
                const Expected& expected) noexcept {
  Trace trace{};
  CountedCall call{.function = reinterpret_cast<std::uintptr_t>(static_cast<Walk>(&surefoot::walk)),
                   .result_at = address_of(trace),
                   .arguments = {address_of(chain.start), address_of(context), address_of(frames[0]), frames.size()}};
  const Cost first = count(call);
  if (!is_as_expected(trace, shape, expected)) report_failure(name, "the trace is not the chain");
  if (count(call) != first) report_failure(name, "not the same count twice");
  return first;
}

void report(std::initializer_list<const char*> name, const Cost& cost) noexcept {
  report_count(name, cost.instructions);
  report_stack(name, cost.stack_bytes);
}

void count_chases() noexcept {
  for (const Depth& depth : depths) {
    const Shape shape{.depth = depth.frames};
    const Chain chain = make_chain(shape);
    CountedCall call{.function = reinterpret_cast<std::uintptr_t>(&chase),
                     .arguments = {chain.first_record_at, address_of(addresses[0]), addresses.size()}};
    const Cost first = count(call);
    // The record of frame i holds the pc of frame i + 1, and the last one a zero.
    bool is_right = call.result == shape.depth;
    for (std::size_t i = 1; i < shape.depth; ++i) {
      is_right = is_right && chain.context.pac.strip(addresses[i - 1]) == shape.pc(i);
    }
    if (!is_right) report_failure({"chase", depth.name}, "the addresses are not those of the chain");
    if (count(call) != first) report_failure({"chase", depth.name}, "not the same count twice");
    report_count({"chase", depth.name}, first.instructions);
  }
}

// Chains of plain records. `code_start` and the ranges say whether a frame is inside the bounds of the table of special
// code.
void count_plain(const char* name, Policy policy, std::uint64_t code_start) noexcept {
  constexpr std::size_t range_count = 64;
  const surefoot::FrameTable* frame_table = make_frame_table(100);
  for (const Depth& depth : depths) {
    const Shape shape{.depth = depth.frames, .code_start = code_start, .function_count = range_count - 1};
    const Chain chain = make_chain(shape);
    Context context = chain.context;
    context.special_ranges = make_special_ranges(range_count);
    context.policy = policy;
    if (policy == Policy::exact) context.frame_table = frame_table;
    report({name, depth.name}, count_walk({name, depth.name}, chain, context, shape, {}));
  }
}

// Chains of which each frame but the innermost has a rewritten return address, without and with. The difference is what
// the rewriting costs.
void count_restores() noexcept {
  constexpr Depth hooked_depths[] = {{1, "1"}, {64, "64"}};
  for (const Depth& hooked : hooked_depths) {
    const Shape plain{.depth = hooked.frames + 1};
    Shape rewritten = plain;
    rewritten.hooked = hooked.frames;
    rewritten.hook = special_range_start(0);
    for (const Shape& shape : {plain, rewritten}) {
      const char* name = shape.hooked != 0 ? "hooked" : "unhooked";
      const Chain chain = make_chain(shape);
      Context context = chain.context;
      context.special_ranges = make_special_ranges(64);
      const Expected expected{.evidence =
                                  shape.hooked != 0 ? Evidence(EvidenceBit::return_address_hooked) : Evidence()};
      report({name, hooked.name}, count_walk({name, hooked.name}, chain, context, shape, expected));
    }
  }
}

// Eight frames, without and with an exception in the middle: without a frame table, where the walk goes on from the
// frame pointer and says that it cannot be sure, and with one, which has a rule for the interrupted code.
void count_exceptions() noexcept {
  const surefoot::FrameTable* frame_table = make_frame_table(100);
  for (const Policy policy : {Policy::strict, Policy::exact}) {
    for (const bool has_exception : {false, true}) {
      const bool is_exact = policy == Policy::exact;
      const char* name = has_exception ? "exception" : "no_exception";
      const char* kind = is_exact ? "exact" : "strict";
      const Shape shape{.depth = 8, .exception_before = has_exception ? std::size_t{4} : std::size_t{0}};
      const Chain chain = make_chain(shape);
      Context context = chain.context;
      context.policy = policy;
      if (is_exact) context.frame_table = frame_table;
      Expected expected;
      if (has_exception) {
        expected.is_reliable = is_exact;
        expected.evidence = EvidenceBit::crossed_exception;
        if (!is_exact) expected.evidence |= EvidenceBit::unknown_interrupted_code;
      }
      report({name, kind}, count_walk({name, kind}, chain, context, shape, expected));
    }
  }
}

}  // namespace

void count_walks() noexcept {
  count_chases();
  count_plain("walk_strict", Policy::strict, text_start);
  count_plain("walk_exact", Policy::exact, text_start);
  count_plain("walk_among_special", Policy::strict, special_code_start);
  count_restores();
  count_exceptions();
}

}  // namespace bench
