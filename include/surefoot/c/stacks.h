// SPDX-License-Identifier: MIT
//
// The stacks that a walk may read; see stacks.hpp.
#ifndef SUREFOOT_C_STACKS_H
#define SUREFOOT_C_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/address.h"
#include "surefoot/c/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum surefoot_stack_kind {
  surefoot_stack_task,
  surefoot_stack_irq,
  surefoot_stack_overflow,
  surefoot_stack_exception,
  surefoot_stack_other
};
enum { surefoot_stack_kind_count = surefoot_stack_other + 1 };

/// One stack; see stacks.hpp.
struct surefoot_stack {
  struct surefoot_range range;
  uint8_t kind;  ///< enum surefoot_stack_kind
};

/// The most stacks that one walk can use.
enum { surefoot_max_stacks = 32 };

/// Checked stacks. Zeros are none.
struct surefoot_stack_set {
  uint64_t opaque[2];
};

enum surefoot_stack_set_fault {
  surefoot_stack_set_empty_stack,
  surefoot_stack_set_overlapping,
  surefoot_stack_set_too_many_stacks
};
enum { surefoot_stack_set_fault_count = surefoot_stack_set_too_many_stacks + 1 };

/// Checks the stacks, which must stay in place and as they are.
bool surefoot_make_stack_set(const struct surefoot_stack* stacks, size_t count, struct surefoot_stack_set* out,
                             struct surefoot_error* error);

/// Names, as in logs; never NULL.
const char* surefoot_stack_kind_name(uint32_t kind);
const char* surefoot_stack_set_fault_name(uint32_t code);

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_STACKS_H
