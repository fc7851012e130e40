// SPDX-License-Identifier: MIT
//
// A sampler for each CPU, which the CPU's timer drives.
#pragma once

#include <cstdint>

#include "surefoot/profile.hpp"
#include "uses/profile/output.hpp"

namespace profile {

/// What is sampled, and how often.
struct Sampling {
  std::uint32_t ticks = 0;  ///< of the system counter, from one sample to the next
  surefoot::Policy policy = surefoot::Policy::exact;
  std::uint32_t frames = 0;  ///< of a sample at most; no more than most_frames
};
inline constexpr std::uint32_t most_frames = 64;

/// Lets the timers of all CPUs sample what they interrupt, and preempt it. False, after a message, if a sampler refuses
/// its setup. The task that calls this is woken now and then, and should call drain().
[[nodiscard]] bool start_sampling(const Sampling& sampling) noexcept;

/// No more samples; the timers go on to preempt.
void stop_sampling() noexcept;

/// Moves what is in the rings to the output. From the task that started it, on any CPU.
void drain(Output& output) noexcept;

/// Samples so far, on all CPUs: those in the stream and those that were dropped.
[[nodiscard]] std::uint64_t samples_so_far() noexcept;

/// Gives the counters of all CPUs to the output, and prints them: one line a CPU, and one for all.
void report(Output& output) noexcept;

}  // namespace profile
