// SPDX-License-Identifier: MIT
//
// The walk, into a buffer or a few frames at a time; see walk.hpp and cursor.hpp.
#ifndef SUREFOOT_C_WALK_H
#define SUREFOOT_C_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/frame.h"
#include "surefoot/c/kernel.h"
#include "surefoot/c/start.h"
#include "surefoot/c/task.h"
#include "surefoot/c/verdict.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The frames that a walk found, the innermost first, and what it thinks of them.
struct surefoot_trace {
  const struct surefoot_frame* frames;
  size_t frame_count;
  struct surefoot_verdict verdict;
};

/// Walks from `start` into `frames`, which has room for `capacity`, judged by the kernel's own policy.
struct surefoot_trace surefoot_walk(const struct surefoot_start* start, const struct surefoot_kernel* kernel,
                                    const struct surefoot_task* task, struct surefoot_frame* frames, size_t capacity);
/// The same by another policy.
struct surefoot_trace surefoot_walk_by_policy(const struct surefoot_start* start, const struct surefoot_kernel* kernel,
                                              const struct surefoot_task* task, struct surefoot_frame* frames,
                                              size_t capacity, uint8_t policy);

/// A walk in progress. Zeros are one that has ended, and is not reliable. Not to be copied.
struct surefoot_cursor {
  uint64_t opaque[41];
};

/// Begins a walk, judged by the kernel's own policy. All arguments, and what `start` was made from, must outlive it.
void surefoot_cursor_begin(struct surefoot_cursor* cursor, const struct surefoot_start* start,
                           const struct surefoot_kernel* kernel, const struct surefoot_task* task);
/// The same by another policy.
void surefoot_cursor_begin_by_policy(struct surefoot_cursor* cursor, const struct surefoot_start* start,
                                     const struct surefoot_kernel* kernel, const struct surefoot_task* task,
                                     uint8_t policy);
/// Stores the next frames, the callees first, and returns how many: fewer than fit if the walk has ended.
size_t surefoot_cursor_take(struct surefoot_cursor* cursor, struct surefoot_frame* frames, size_t capacity);
/// Stores the next frame. False once the walk has ended, for whatever reason.
static inline bool surefoot_cursor_next(struct surefoot_cursor* cursor, struct surefoot_frame* frame) {
  return surefoot_cursor_take(cursor, frame, 1) != 0;
}
/// The verdict on all frames so far. Before the end it is unreliable, stopped as truncated.
struct surefoot_verdict surefoot_cursor_verdict(const struct surefoot_cursor* cursor);

#if defined(__aarch64__) && !defined(__cplusplus)
/// Walks from the function that calls this.
static inline __attribute__((always_inline)) struct surefoot_trace surefoot_walk_here(
    const struct surefoot_kernel* kernel, const struct surefoot_task* task, struct surefoot_frame* frames,
    size_t capacity) {
  const struct surefoot_start start = surefoot_start_here();
  return surefoot_walk(&start, kernel, task, frames, capacity);
}
#endif

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_WALK_H
