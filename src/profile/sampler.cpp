// SPDX-License-Identifier: MIT
//
// One sample: the walk, and its record.
#include "record_writer.hpp"
#include "surefoot/profile.hpp"

namespace surefoot::profile {
namespace {

// Counters have one writer, the CPU's own samples, and readers anywhere: a plain increment that is stored whole.
void count(std::uint64_t& counter) noexcept { __atomic_store_n(&counter, counter + 1, __ATOMIC_RELAXED); }

std::uint64_t read(const std::uint64_t& counter) noexcept { return __atomic_load_n(&counter, __ATOMIC_RELAXED); }

constexpr bool is_power_of_two(std::size_t size) noexcept { return size != 0 && (size & (size - 1)) == 0; }

// The body of a sample's record.
struct Body {
  const Trace& trace;
  const Moment& moment;
  std::uint64_t base;
  std::uint32_t cpu;
  bool is_outside;

  template <typename Writer>
  void write(Writer& out) const noexcept {
    const Verdict& verdict = trace.verdict;
    out.put(static_cast<std::uint8_t>((verdict.is_reliable() ? flag_reliable : 0) | (is_outside ? flag_outside : 0) |
                                      (verdict.policy == Policy::exact ? flag_exact : 0)));
    out.put(static_cast<std::uint8_t>(verdict.stop));
    out.put_number(cpu);
    out.put_number(moment.time);
    out.put_number(moment.task);
    out.put_number(verdict.evidence.bits());
    out.put_number(verdict.first_doubtful);
    out.put_number(trace.frames.size());
    std::uint64_t before = base;
    for (const Frame& frame : trace.frames) {
      // Of the call, where the pc is a return address: what is asked of a profile is what was running.
      const std::uint64_t at = frame.address().lookup();
      out.put_number(step_of(before, at));
      before = at;
    }
  }
};

}  // namespace

std::expected<void, SetupError> Sampler::prepare(const SamplerSetup& setup) noexcept {
  const std::size_t frame_count = setup.frames.size();
  if (frame_count == 0 || frame_count > max_sample_frames) return std::unexpected(SetupError{SetupFault::frame_count});
  if (!is_power_of_two(setup.ring.size())) return std::unexpected(SetupError{SetupFault::ring_size});
  if (setup.ring.size() < max_sample_size(frame_count)) return std::unexpected(SetupError{SetupFault::ring_too_small});
  ring_.reset(setup.ring);
  frames_ = setup.frames.data();
  frame_count_ = static_cast<std::uint16_t>(frame_count);
  base_ = setup.base;
  cpu_ = setup.cpu;
  counters_ = Counters();
  return {};
}

Outcome Sampler::sample(const Moment& moment, const Start& start, const Kernel& kernel, const Task& task,
                        Policy policy) noexcept {
  // What interrupts this CPU here comes and goes before the next instruction, so that a plain load and a plain store
  // are enough. The fences keep the compiler from moving the work out from between the stores.
  if (__atomic_load_n(&is_sampling_, __ATOMIC_RELAXED)) {
    count(counters_.nested);
    return Outcome::nested;
  }
  __atomic_store_n(&is_sampling_, true, __ATOMIC_RELAXED);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  Outcome outcome = Outcome::full;
  if (ring_.size() != 0) {
    outcome = record(moment, walk(start, kernel, task, std::span(frames_, frame_count_), policy));
  }
  if (outcome == Outcome::full) count(counters_.full);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  __atomic_store_n(&is_sampling_, false, __ATOMIC_RELAXED);
  return outcome;
}

Outcome Sampler::record(const Moment& moment, const Trace& trace) noexcept {
  const Verdict& verdict = trace.verdict;
  // The walk began and ended at the final record: no kernel code was interrupted.
  const bool is_outside = trace.frames.empty() && verdict.stop == StopReason::final_record;
  RingWriter writer(ring_, RecordType::sample);
  const Body body{.trace = trace, .moment = moment, .base = base_, .cpu = cpu_, .is_outside = is_outside};
  // Mostly the record does not go round the end of the ring, and no byte of it needs a check of its own.
  if (writer.record().has_piece(max_sample_size(trace.frames.size()))) {
    PieceWriter piece(writer.record().place());
    body.write(piece);
    writer.record().advance(piece.size());
  } else {
    body.write(writer.record());
  }
  if (!writer.publish()) return Outcome::full;
  count(counters_.recorded);
  if (verdict.is_reliable()) count(counters_.reliable);
  if (is_outside) count(counters_.outside);
  count(counters_.stops[static_cast<std::size_t>(verdict.stop)]);
  return Outcome::recorded;
}

Counters Sampler::counters() const noexcept {
  Counters now{.recorded = read(counters_.recorded),
               .reliable = read(counters_.reliable),
               .outside = read(counters_.outside),
               .full = read(counters_.full),
               .nested = read(counters_.nested)};
  for (std::size_t i = 0; i < stop_reason_count; ++i) now.stops[i] = read(counters_.stops[i]);
  return now;
}

}  // namespace surefoot::profile
