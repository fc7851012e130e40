// SPDX-License-Identifier: MIT
//
// The shadow stack of rewritten return addresses; see return_stack.hpp.
#ifndef SUREFOOT_C_RETURN_STACK_H
#define SUREFOOT_C_RETURN_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/address.h"

#ifdef __cplusplus
extern "C" {
#endif

/// One rewritten return address.
struct surefoot_return_entry {
  uint64_t return_address;  ///< 0 while the entry is not valid
  uint64_t function;
  uint64_t key;  ///< fp at the function's entry
  uint64_t hook;
};

/// The most entries that a return stack can have.
enum { surefoot_max_return_entries = 0xffff };

/// A task's return stack. Not to be copied. Zeros are one without room: walks find it empty, pushes are counted as
/// dropped.
struct surefoot_return_stack {
  uint64_t opaque[3];
};

/// Makes an empty return stack. Requires that the return address of every entry in `storage` is 0, as in fresh storage.
void surefoot_make_return_stack(struct surefoot_return_entry* storage, size_t capacity,
                                struct surefoot_return_stack* out);
/// Adds an entry, whose return address is not 0. False, and counted, when the stack is full: the return address is then
/// to be left alone.
bool surefoot_return_stack_push(struct surefoot_return_stack* stack, const struct surefoot_return_entry* entry);
/// Removes the newest entry, for hooks that do so themselves. Requires a depth above 0.
void surefoot_return_stack_pop(struct surefoot_return_stack* stack);
/// Removes the newest entries as long as their keys lie in `abandoned`, for exits that are not returns; how many.
uint32_t surefoot_return_stack_drop(struct surefoot_return_stack* stack, struct surefoot_range abandoned);
/// The newest valid entry, or NULL.
const struct surefoot_return_entry* surefoot_return_stack_top(const struct surefoot_return_stack* stack);
/// Slots in use, half-written ones included.
uint32_t surefoot_return_stack_depth(const struct surefoot_return_stack* stack);
/// How many functions were left untraced because the stack was full.
uint64_t surefoot_return_stack_dropped(const struct surefoot_return_stack* stack);

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_RETURN_STACK_H
