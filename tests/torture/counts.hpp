// SPDX-License-Identifier: MIT
//
// What walkers count, each for itself.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "surefoot/evidence.hpp"
#include "surefoot/verdict.hpp"

namespace torture {

/// Where the task was while it was walked, as its activity and its state tell.
enum class Seen : std::uint8_t {
  running,              ///< on a CPU all the time
  blocked,              ///< it waited, in the midst of its calls
  blocked_in_callback,  ///< it waited, in a callback of a tracer
  off_cpu,              ///< woken, or preempted, or it gave way, or is new, or has ended
  moving,               ///< it came or went in the meantime
};
inline constexpr std::size_t seen_count = 5;

/// What must not happen.
enum class Failure : std::uint8_t {
  false_reliable,   ///< the trace is reliable, and not what the task says
  blocked_wrong,    ///< the trace of a blocked task is not what it must be, or its verdict is not
  not_refused,      ///< a running task was walked
  refused_wrongly,  ///< a task off its CPU is said to run or to have moved
  needless,         ///< a task off its CPU has an unreliable trace, and no reason for it
};
inline constexpr std::size_t failure_count = 5;

/// Adds what another CPU may be counting on.
inline void add_count(std::uint64_t& to, const std::uint64_t& from) noexcept {
  to += __atomic_load_n(&from, __ATOMIC_RELAXED);
}

struct alignas(64) Counts {
  std::uint64_t walks = 0;
  std::array<std::uint64_t, seen_count> seen{};
  std::array<std::uint64_t, seen_count> reliable_strict{};
  std::array<std::uint64_t, seen_count> reliable_exact{};
  std::array<std::uint64_t, failure_count> failures{};
  std::array<std::uint64_t, surefoot::stop_reason_count> stops{};
  std::array<std::uint64_t, surefoot::evidence_bit_count> unreliable_by{};
  std::uint64_t unjudged = 0;       ///< reliable, of a task that went and came so often that nobody knows its record
  std::uint64_t preempted = 0;      ///< walks of a task that an interrupt took off its CPU
  std::uint64_t in_trampoline = 0;  ///< the same, inside a trampoline or what it calls
  std::uint64_t hooked = 0;         ///< reliable ones with a return address that was restored
  std::uint64_t in_module = 0;      ///< reliable ones through a module
  std::uint64_t patched = 0;        ///< reliable ones through a function that replaces another

  Counts& operator+=(const Counts& other) noexcept;
};

[[nodiscard]] const char* to_string(Seen seen) noexcept;
[[nodiscard]] const char* to_string(Failure failure) noexcept;

}  // namespace torture
