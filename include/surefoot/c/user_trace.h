// SPDX-License-Identifier: MIT
//
// The frames of a user program, behind a kernel's own trace; see user_trace.hpp.
#ifndef SUREFOOT_C_USER_TRACE_H
#define SUREFOOT_C_USER_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/address.h"
#include "surefoot/c/task.h"

#ifdef __cplusplus
extern "C" {
#endif

/// What is true of the addresses that user programs use. Zeros let a walk find nothing.
struct surefoot_user_space {
  struct surefoot_memory memory;    ///< refuses what it cannot read, and does not fault
  struct surefoot_range addresses;  ///< those that a user program may use at all
  uint64_t pac_bits;                ///< the bits of a return address that pointer authentication uses
  uint64_t tag_bits;                ///< the bits of a stack address that hold a tag
};

/// A thread that has entered the kernel: the registers that the entry saved, and where its stack may be.
struct surefoot_user_thread {
  uint64_t pc;
  uint64_t fp;
  uint64_t sp;
  struct surefoot_range stack;
};

/// Why a user trace ended.
enum surefoot_user_stop {
  surefoot_user_stop_chain_end,
  surefoot_user_stop_truncated,
  surefoot_user_stop_misaligned_record,
  surefoot_user_stop_off_stack,
  surefoot_user_stop_not_above_previous,
  surefoot_user_stop_unreadable,
  surefoot_user_stop_not_user_code
};
enum { surefoot_user_stop_count = surefoot_user_stop_not_user_code + 1 };

/// The first pc is exact, the others are return addresses. No verdict is given on a user program's stack.
struct surefoot_user_trace {
  const uint64_t* pcs;
  size_t count;
  uint64_t stop_at;
  uint8_t stop;  ///< an enum surefoot_user_stop
};

/// Follows the frame records of a user thread into `pcs`, which has room for `capacity`.
struct surefoot_user_trace surefoot_walk_user(const struct surefoot_user_space* space,
                                              const struct surefoot_user_thread* thread, uint64_t* pcs,
                                              size_t capacity);

/// The name, as in logs; never NULL.
const char* surefoot_user_stop_name(uint32_t stop);

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_USER_TRACE_H
