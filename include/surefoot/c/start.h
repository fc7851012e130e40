// SPDX-License-Identifier: MIT
//
// Where a walk can start; see start.hpp and records.hpp.
#ifndef SUREFOOT_C_START_H
#define SUREFOOT_C_START_H

#include <stdint.h>

#include "surefoot/layout.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Of a function that made a call, with pc as the return address into it; also what a context switch saves.
struct surefoot_registers {
  uint64_t fp;
  uint64_t sp;
  uint64_t pc;
};

/// Tells whether a task runs. Zero at first: blocked.
struct surefoot_task_activity {
  uint64_t switches;
};

/// What an exception interrupted. layout.h has the offsets for assembly.
struct surefoot_exception_frame {
  uint64_t x[29];
  uint64_t fp;
  uint64_t lr;
  uint64_t sp;
  uint64_t pc;
  uint64_t pstate;
  uint64_t esr;
  uint64_t far;
  /// 0, 0, and SUREFOOT_METADATA_EXCEPTION, or SUREFOOT_METADATA_FINAL if no kernel code was interrupted.
  uint64_t record[3];
  uint64_t padding;
};

/// A starting point. Refers to what it was made from.
struct surefoot_start {
  uint64_t opaque[7];
};

/// The scheduler's two calls around a task's time on a CPU; see TaskActivity.
void surefoot_enter_cpu(struct surefoot_task_activity* activity);
void surefoot_leave_cpu(struct surefoot_task_activity* activity);

/// A function that made a call and has not returned. The registers are copied.
struct surefoot_start surefoot_start_call(const struct surefoot_registers* registers);
/// A task that is off the CPU.
struct surefoot_start surefoot_start_blocked_task(const struct surefoot_registers* saved,
                                                  const struct surefoot_task_activity* activity);
/// The code that an exception interrupted, by a frame in this program's memory.
struct surefoot_start surefoot_start_exception(const struct surefoot_exception_frame* frame);
/// The same by a frame at an address of the task's memory, laid out as the kernel's description says.
struct surefoot_start surefoot_start_exception_at(uint64_t frame_at);
/// A task that has exited and given its stack back.
struct surefoot_start surefoot_start_no_stack(void);

#if defined(__aarch64__) && !defined(__cplusplus)
/// Stores the caller's fp and sp and the address after the call (capture.S). C++ has it from start.hpp.
void surefoot_capture(struct surefoot_registers* out);

/// The function that calls this. The walk must end before that function returns.
static inline __attribute__((always_inline)) struct surefoot_start surefoot_start_here(void) {
  struct surefoot_registers registers;
  surefoot_capture(&registers);
  return surefoot_start_call(&registers);
}
#endif

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_START_H
