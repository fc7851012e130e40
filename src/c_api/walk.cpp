// SPDX-License-Identifier: MIT
//
// The walk and the policy, from C. Kernel, task, stacks and frames are used where they lie.
#include "surefoot/walk.hpp"

#include <new>

#include "kernel.hpp"
#include "same_values.hpp"
#include "surefoot/c/walk.h"
#include "surefoot/cursor.hpp"
#include "view.hpp"

using namespace surefoot;
using detail::as_policy;
using detail::change_language;
using detail::is_made;
using detail::pack;
using detail::view_as;

namespace {

// A walk in progress, and that it was begun: a cursor of zeros would have ended at a final record.
struct BegunCursor {
  Cursor cursor;
  std::uint64_t is_begun = 1;
};

SUREFOOT_SAME_BYTES(surefoot_cursor, BegunCursor);
SUREFOOT_SAME_LAYOUT(surefoot_frame, Frame);
SUREFOOT_SAME_MEMBER(surefoot_frame, pc, Frame, pc);
SUREFOOT_SAME_MEMBER(surefoot_frame, evidence, Frame, evidence);
SUREFOOT_SAME_MEMBER(surefoot_frame, kind, Frame, kind);
SUREFOOT_SAME_MEMBER(surefoot_frame, source, Frame, source);
SUREFOOT_SAME_MEMBER(surefoot_frame, special, Frame, special);
SUREFOOT_SAME_LAYOUT(surefoot_verdict, Verdict);
SUREFOOT_SAME_MEMBER(surefoot_verdict, policy, Verdict, policy);
SUREFOOT_SAME_MEMBER(surefoot_verdict, is_reliable, Verdict, reliability);
SUREFOOT_SAME_MEMBER(surefoot_verdict, stop, Verdict, stop);
SUREFOOT_SAME_MEMBER(surefoot_verdict, evidence, Verdict, evidence);
SUREFOOT_SAME_MEMBER(surefoot_verdict, first_doubtful, Verdict, first_doubtful);
SUREFOOT_SAME_MEMBER(surefoot_verdict, stop_at, Verdict, stop_at);
SUREFOOT_SAME_LAYOUT(surefoot_memory, ForeignMemory);
SUREFOOT_SAME_MEMBER(surefoot_memory, read, ForeignMemory, read);
SUREFOOT_SAME_MEMBER(surefoot_memory, object, ForeignMemory, object);
SUREFOOT_SAME_LAYOUT(surefoot_task, Task);
SUREFOOT_SAME_MEMBER(surefoot_task, stacks, Task, stacks);
SUREFOOT_SAME_MEMBER(surefoot_task, cpu_stacks, Task, cpu_stacks);
SUREFOOT_SAME_MEMBER(surefoot_task, final_record_at, Task, final_record_at);
// A span is a pointer and then a size in every standard library that there is; the unit tests say so.
static_assert(offsetof(surefoot_task, return_stacks) == offsetof(Task, return_stacks));
static_assert(sizeof(Task::return_stacks) == sizeof(surefoot_task::return_stacks) + sizeof(std::size_t));
SUREFOOT_SAME_MEMBER(surefoot_task, memory, Task, memory);
static_assert(surefoot_max_return_stacks == max_return_stacks);

// In the place of a kernel that was not made.
constexpr CodeMap no_code;
constexpr Kernel no_kernel = [] {
  KernelDescription description;
  description.code = &no_code;
  return *Kernel::make(description);
}();

const Kernel& kernel_in(const surefoot_kernel* packed) noexcept {
  const Kernel& kernel = *view_as<const Kernel>(packed);
  return is_made(kernel) && is_made(kernel.code()) ? kernel : no_kernel;
}

surefoot_trace walk_with(const surefoot_start* start, const Kernel& kernel, const surefoot_task* task,
                         surefoot_frame* frames, std::size_t capacity, Policy policy) noexcept {
  const Trace trace = walk(*view_as<const Start>(start), kernel, *view_as<const Task>(task),
                           {view_as<Frame>(frames), capacity}, policy);
  change_language();
  return {.frames = frames, .frame_count = trace.frames.size(), .verdict = pack<surefoot_verdict>(trace.verdict)};
}

void begin(surefoot_cursor* cursor, const surefoot_start* start, const Kernel& kernel, const surefoot_task* task,
           Policy policy) noexcept {
  new (static_cast<void*>(cursor))
      BegunCursor{.cursor = Cursor(*view_as<const Start>(start), kernel, *view_as<const Task>(task), policy)};
  change_language();
}

}  // namespace

surefoot_trace surefoot_walk(const surefoot_start* start, const surefoot_kernel* kernel, const surefoot_task* task,
                             surefoot_frame* frames, std::size_t capacity) {
  const Kernel& made = kernel_in(kernel);
  return walk_with(start, made, task, frames, capacity, made.policy());
}

surefoot_trace surefoot_walk_by_policy(const surefoot_start* start, const surefoot_kernel* kernel,
                                       const surefoot_task* task, surefoot_frame* frames, std::size_t capacity,
                                       std::uint8_t policy) {
  return walk_with(start, kernel_in(kernel), task, frames, capacity, as_policy(policy));
}

void surefoot_cursor_begin(surefoot_cursor* cursor, const surefoot_start* start, const surefoot_kernel* kernel,
                           const surefoot_task* task) {
  const Kernel& made = kernel_in(kernel);
  begin(cursor, start, made, task, made.policy());
}

void surefoot_cursor_begin_by_policy(surefoot_cursor* cursor, const surefoot_start* start,
                                     const surefoot_kernel* kernel, const surefoot_task* task, std::uint8_t policy) {
  begin(cursor, start, kernel_in(kernel), task, as_policy(policy));
}

std::size_t surefoot_cursor_take(surefoot_cursor* cursor, surefoot_frame* frames, std::size_t capacity) {
  auto* const begun = view_as<BegunCursor>(cursor);
  if (begun->is_begun == 0) return 0;
  const std::size_t count = begun->cursor.take({view_as<Frame>(frames), capacity});
  change_language();
  return count;
}

surefoot_verdict surefoot_cursor_verdict(const surefoot_cursor* cursor) {
  const auto* const begun = view_as<const BegunCursor>(cursor);
  return pack<surefoot_verdict>(begun->is_begun != 0 ? begun->cursor.verdict() : Verdict());
}

bool surefoot_classify(std::uint8_t policy, std::uint32_t evidence, std::uint8_t stop) {
  return classify(as_policy(policy), Evidence::from_bits(evidence), static_cast<StopReason>(stop)) ==
         Reliability::reliable;
}

bool surefoot_is_doubtful(std::uint8_t policy, std::uint32_t evidence) {
  return is_doubtful(as_policy(policy), Evidence::from_bits(evidence));
}

bool surefoot_is_complete(std::uint8_t stop) { return is_complete(static_cast<StopReason>(stop)); }
