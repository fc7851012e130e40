// SPDX-License-Identifier: MIT
//
// What is true of one task, and memory that is not simply there; see task.hpp and memory.hpp.
#ifndef SUREFOOT_C_TASK_H
#define SUREFOOT_C_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/return_stack.h"
#include "surefoot/c/stacks.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A function and an object that read words of foreign memory.
struct surefoot_memory {
  /// Reads the word at `address`, a multiple of 8, into *word; false if it cannot be read.
  bool (*read)(void* object, uint64_t address, uint64_t* word);
  void* object;
};

/// The most return stacks that one task may have.
enum { surefoot_max_return_stacks = 4 };

/// The task that is walked. It is used where it lies, and so is all that it refers to.
struct surefoot_task {
  struct surefoot_stack_set stacks;
  struct surefoot_stack_set cpu_stacks;  ///< of the CPU that it runs on, if the walk is made there
  uint64_t final_record_at;              ///< 0 if it has none
  const struct surefoot_return_stack* const* return_stacks;
  size_t return_stack_count;
  struct surefoot_range shadow_call_stack;  ///< from its start up to x18; of zeros if there is none
  const struct surefoot_memory* memory;     ///< NULL for the running kernel's own
};

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_TASK_H
