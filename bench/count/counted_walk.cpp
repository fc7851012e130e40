// SPDX-License-Identifier: MIT
#include "count/counted_walk.hpp"

#include <array>
#include <cstddef>

#include "count/code.hpp"
#include "count/counter.hpp"
#include "count/kernel_like.hpp"

namespace bench {
namespace {

using surefoot::Frame;
using surefoot::Trace;
using Name = std::initializer_list<const char*>;

constinit std::array<Frame, max_depth> frames{};
constinit std::array<std::byte, 4096> ring{};
constinit surefoot::profile::Sampler sampler;

bool is_as_expected(const Trace& trace, const Shape& shape, const Expected& expected) noexcept {
  const std::size_t depth = shape.frames.size();
  if (trace.frames.size() != depth || trace.verdict.stop != surefoot::StopReason::final_record) return false;
  for (std::size_t i = 0; i < depth; ++i) {
    if (trace.frames[i].pc != shape.frames[i].pc) return false;
  }
  return trace.verdict.is_reliable() == expected.is_reliable && trace.verdict.evidence == expected.evidence;
}

void count_trace(Name name, CountedCall& call, const Trace& trace, const Shape& shape,
                 const Expected& expected) noexcept {
  const Cost first = count(call);
  if (!is_as_expected(trace, shape, expected)) report_failure(name, "the trace is not the chain");
  if (count(call) != first) report_failure(name, "not the same count twice");
  report_count(name, first.instructions);
  report_stack(name, first.stack_bytes);
}

}  // namespace

void count_walk(Name name, const Shape& shape, const Expected& expected) noexcept {
  Trace trace{};
  CountedCall call = walking(expected.policy, frames, trace);
  count_trace(name, call, trace, shape, expected);
}

void count_cursor(Name name, const Shape& shape, const Expected& expected) noexcept {
  Trace trace{};
  CountedCall call = walking_by_cursor(expected.policy, frames, trace);
  count_trace(name, call, trace, shape, expected);
}

void count_sample(Name name, Name bytes, surefoot::Policy policy) noexcept {
  constexpr std::size_t most_frames = 64;  // as a kernel would have it
  if (!sampler.prepare({.base = image_start, .ring = ring, .frames = std::span(frames).first(most_frames)})) {
    report_failure(name, "the sampler refuses its setup");
  }
  CountedCall call = sampling(policy, sampler);
  const Cost first = count(call);
  if (call.result != 0) report_failure(name, "no sample was recorded");
  const std::uint64_t size = sampler.pending();
  if (count(call) != first || sampler.pending() != 2 * size) report_failure(name, "not the same twice");
  report_count(name, first.instructions);
  report_stack(name, first.stack_bytes);
  report_count(bytes, size);
}

}  // namespace bench
