// SPDX-License-Identifier: MIT
//
// The walk and the policy, from C. Kernel, task, stacks and frames are used where they lie.
#include "surefoot/walk.hpp"

#include <new>
#include <span>

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

// A kernel without code, in the place of one that was not made. Built where it is needed, with a code map of its own: a
// constant, as that of Kernel(), would be relocated data.
struct NoCode {
  NoCode() noexcept : kernel(*Kernel::make({.code = &code})) {}
  NoCode(const NoCode&) = delete;
  NoCode& operator=(const NoCode&) = delete;

  CodeMap code;
  Kernel kernel;
};

// A walk in progress.
struct BegunCursor {
  Cursor cursor;
  // Zero only in a cursor of zeros, whose state would be that of a walk that has ended at a final record.
  std::uint64_t is_begun;
  alignas(NoCode) std::byte no_code[sizeof(NoCode)];
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
SUREFOOT_SAME_MEMBER(surefoot_task, shadow_call_stack, Task, shadow_call_stack);
// A span is a pointer and then a size in every standard library that there is; the unit tests say so.
static_assert(sizeof(std::span<const ReturnStack* const>) == sizeof(void*) + sizeof(std::size_t));
static_assert(offsetof(surefoot_task, return_stacks) == offsetof(Task, return_stacks));
static_assert(offsetof(surefoot_task, memory) == offsetof(Task, memory));
static_assert(surefoot_max_return_stacks == max_return_stacks);

// Null if the kernel, or its code map, was not made.
const Kernel* find_made(const surefoot_kernel* packed) noexcept {
  const auto* const kernel = view_as<const Kernel>(packed);
  return is_made(*kernel) && is_made(kernel->code()) ? kernel : nullptr;
}

// Of zeros: strict.
std::uint8_t policy_of(const surefoot_kernel* packed) noexcept {
  return static_cast<std::uint8_t>(view_as<const Kernel>(packed)->policy());
}

surefoot_trace walk_in(const Kernel& kernel, const surefoot_start* start, const surefoot_task* task,
                       surefoot_frame* frames, std::size_t capacity, std::uint8_t policy) noexcept {
  const Trace trace = walk(*view_as<const Start>(start), kernel, *view_as<const Task>(task),
                           {view_as<Frame>(frames), capacity}, as_policy(policy));
  change_language();
  return {.frames = frames, .frame_count = trace.frames.size(), .verdict = pack<surefoot_verdict>(trace.verdict)};
}

// Apart, so that other walks do without the room on the stack.
[[gnu::noinline]] surefoot_trace walk_without_code(const surefoot_start* start, const surefoot_task* task,
                                                   surefoot_frame* frames, std::size_t capacity,
                                                   std::uint8_t policy) noexcept {
  const NoCode none;
  return walk_in(none.kernel, start, task, frames, capacity, policy);
}

}  // namespace

surefoot_trace surefoot_walk(const surefoot_start* start, const surefoot_kernel* kernel, const surefoot_task* task,
                             surefoot_frame* frames, std::size_t capacity) {
  return surefoot_walk_by_policy(start, kernel, task, frames, capacity, policy_of(kernel));
}

surefoot_trace surefoot_walk_by_policy(const surefoot_start* start, const surefoot_kernel* kernel,
                                       const surefoot_task* task, surefoot_frame* frames, std::size_t capacity,
                                       std::uint8_t policy) {
  const Kernel* const made = find_made(kernel);
  return made != nullptr ? walk_in(*made, start, task, frames, capacity, policy)
                         : walk_without_code(start, task, frames, capacity, policy);
}

void surefoot_cursor_begin(surefoot_cursor* cursor, const surefoot_start* start, const surefoot_kernel* kernel,
                           const surefoot_task* task) {
  surefoot_cursor_begin_by_policy(cursor, start, kernel, task, policy_of(kernel));
}

void surefoot_cursor_begin_by_policy(surefoot_cursor* cursor, const surefoot_start* start,
                                     const surefoot_kernel* kernel, const surefoot_task* task, std::uint8_t policy) {
  auto* const begun = view_as<BegunCursor>(cursor);
  const Kernel* made = find_made(kernel);
  if (made == nullptr) made = &(new (static_cast<void*>(begun->no_code)) NoCode)->kernel;
  new (static_cast<void*>(&begun->cursor))
      Cursor(*view_as<const Start>(start), *made, *view_as<const Task>(task), as_policy(policy));
  begun->is_begun = 1;
  change_language();
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
