// SPDX-License-Identifier: MIT
//
// What a walk says in the end, and the one function that decides it.
//
// The promise: either the trace holds every function that the context may return to, in order, and its verdict is
// reliable; or the verdict is unreliable, the reason is named, and the frames found so far are still there. Whatever
// is in memory, a walk ends, and it reads nothing but what it was given: the stacks, and what the kernel and the task
// name beside them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "surefoot/evidence.hpp"

namespace surefoot {

/// Why a walk ended. Only final_record and no_stack are ends; everything else means that frames may be missing. The
/// enumerator is also its name in logs (to_string). Verdict::stop_at is the address that is given in brackets.
enum class StopReason : std::uint8_t {
  /// The task's own final record was reached: the chain is complete. [the record]
  final_record,
  /// The task has no stack any more, so it returns to nothing. [0]
  no_stack,
  /// The caller's buffer was full, or the caller stopped, before the chain ended. [the record of the first frame that
  /// is not in the trace]
  truncated,
  /// A frame pointer is not a multiple of 8. [the frame pointer]
  misaligned_record,
  /// A frame record is not wholly inside any stack of the task. [the record]
  off_stack,
  /// A frame record is not above the one before it, or below the interrupted sp: a loop, or garbage. [the record]
  not_above_previous,
  /// The chain went back to a stack that it had already left: a loop. [the record]
  stack_reentered,
  /// A frame record has a zero in one of its two words. [the record]
  half_zero_record,
  /// A metadata record has a type that is neither final nor exception. [the record]
  unknown_metadata,
  /// A record of zeros lies so near to the end of its stack that its type would be outside. [the record]
  metadata_off_stack,
  /// A final record is at another place than the task's own: the walk is on a wrong stack, or it is a forgery.
  /// [the record]
  final_record_misplaced,
  /// A record says that an exception frame surrounds it, but the frame does not fit there. [the record]
  exception_frame_off_stack,
  /// The task's memory refused an address that is inside one of its stacks. [the address]
  unreadable,
  /// The task was running when the walk began: its stack changes while it is read. [0]
  task_running,
  /// The task ran while it was walked: the frames may belong to different moments. [0]
  task_moved,
  /// The task is not usable: with the CPU's, its stacks are too many, or two overlap; or it has more than
  /// max_return_stacks return stacks. [the start of the stack that overlaps, else 0]
  bad_task,
};

/// The number of stop reasons.
inline constexpr unsigned stop_reason_count = 16;

/// How much of what was noticed is acceptable.
enum class Policy : std::uint8_t {
  /// Whatever touches a special range or an exception boundary is unreliable.
  strict,
  /// A special range or an exception boundary is reliable if a rule leads to the caller exactly.
  exact,
};

enum class Reliability : bool { unreliable, reliable };

/// The policy: the only place that decides what reliable means. A pure function of its arguments; any context.
[[nodiscard]] Reliability classify(Policy policy, Evidence evidence, StopReason stop) noexcept;

/// True if a frame with this evidence is where a trace begins to be doubtful under the policy.
[[nodiscard]] bool is_doubtful(Policy policy, Evidence evidence) noexcept;

/// True if the reason is an end of the chain, and not a failure to reach it.
[[nodiscard]] bool is_complete(StopReason stop) noexcept;

/// What a walk found out about its own trace.
struct Verdict {
  Policy policy = Policy::strict;
  Reliability reliability = Reliability::unreliable;
  StopReason stop = StopReason::truncated;
  /// All that was noticed, in any frame.
  Evidence evidence;
  /// Index of the first frame that is doubtful or that a missing one would precede; equal to the number of frames when
  /// all that were found are good, as they are in a reliable trace.
  std::size_t first_doubtful = 0;
  /// The address that ended the walk; see StopReason.
  std::uint64_t stop_at = 0;

  [[nodiscard]] constexpr bool is_reliable() const noexcept { return reliability == Reliability::reliable; }
};

/// Names, equal to the spelling of the enumerators; never null. Any context.
[[nodiscard]] const char* to_string(StopReason reason) noexcept;
[[nodiscard]] const char* to_string(Reliability reliability) noexcept;
[[nodiscard]] const char* to_string(Policy policy) noexcept;

}  // namespace surefoot
