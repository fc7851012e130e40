// SPDX-License-Identifier: MIT
//
// The rules of interrupted code, a section in the SFrame format; see frame_table.hpp.
#ifndef SUREFOOT_C_FRAME_TABLE_H
#define SUREFOOT_C_FRAME_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A checked section. Zeros are a table without rules.
struct surefoot_frame_table {
  uint64_t opaque[6];
};

enum surefoot_frame_table_fault {
  surefoot_frame_table_truncated,
  surefoot_frame_table_not_sframe,
  surefoot_frame_table_other_byte_order,
  surefoot_frame_table_version_1,
  surefoot_frame_table_version_2,
  surefoot_frame_table_unknown_version,
  surefoot_frame_table_unknown_flags,
  surefoot_frame_table_other_architecture,
  surefoot_frame_table_unsorted
};
enum { surefoot_frame_table_fault_count = surefoot_frame_table_unsorted + 1 };

/// Checks a section that lies where it belongs. It must stay in place.
bool surefoot_make_frame_table(const void* section, size_t size, struct surefoot_frame_table* out,
                               struct surefoot_error* error);
/// The same for a section that is at `section_at` in the program that it describes.
bool surefoot_make_frame_table_at(const void* section, size_t size, uint64_t section_at,
                                  struct surefoot_frame_table* out, struct surefoot_error* error);

/// The name, as in logs; never NULL.
const char* surefoot_frame_table_fault_name(uint32_t code);

#if defined(__aarch64__) && !defined(__cplusplus)
// Set by the linker (surefoot-frames.ld.inc). Only a program that calls the function below refers to them.
extern __attribute__((visibility("hidden"))) const char __surefoot_frame_table_start[];
extern __attribute__((visibility("hidden"))) const char __surefoot_frame_table_end[];

/// The section of this program.
static inline bool surefoot_linked_frame_table(struct surefoot_frame_table* out, struct surefoot_error* error) {
  const uintptr_t size = (uintptr_t)__surefoot_frame_table_end - (uintptr_t)__surefoot_frame_table_start;
  return surefoot_make_frame_table(__surefoot_frame_table_start, size, out, error);
}
#endif

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_FRAME_TABLE_H
