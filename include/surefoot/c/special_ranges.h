// SPDX-License-Identifier: MIT
//
// Tables of special code; see special_ranges.hpp and rule.hpp.
#ifndef SUREFOOT_C_SPECIAL_RANGES_H
#define SUREFOOT_C_SPECIAL_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/address.h"
#include "surefoot/c/error.h"
#include "surefoot/layout.h"

#ifdef __cplusplus
extern "C" {
#endif

/// How many kinds of special code there are, SUREFOOT_SPECIAL_* of layout.h and 0 for none.
enum { surefoot_special_kind_count = SUREFOOT_SPECIAL_CALL_WITHOUT_RECORD + 1 };

/// One entry of the table that the linker gathers. Its offsets count from their own fields.
struct surefoot_range_entry {
  int32_t start_offset;
  int32_t end_offset;
  uint8_t kind;  ///< SUREFOOT_SPECIAL_*
  uint8_t rule;  ///< packed, see SUREFOOT_RULE_* in layout.h
  int16_t rule_offset;
  int16_t registers_offset;
  uint16_t caller_sp;  ///< SUREFOOT_CALLER_SP_IS_KNOWN of layout.h and a multiple of 16, or 0
};

/// What the offset of the caller's sp is from.
enum surefoot_base { surefoot_base_none, surefoot_base_fp, surefoot_base_sp };
enum { surefoot_base_count = surefoot_base_sp + 1 };

/// A register transfer to the caller of special code.
struct surefoot_rule {
  uint8_t pc;  ///< SUREFOOT_FROM_* of layout.h
  uint8_t lr;  ///< SUREFOOT_FROM_*
  uint8_t in_flight;
  uint8_t base;  ///< enum surefoot_base; of special code not fp
  int32_t offset;
  int32_t fp_offset;
  int32_t cfa_offset;  ///< from sp to the caller's sp; 0 if there is no base
};

/// A range by absolute addresses: for modules, and for code that is made at run time.
struct surefoot_special_range {
  struct surefoot_range range;
  uint8_t kind;  ///< SUREFOOT_SPECIAL_*
  struct surefoot_rule rule;
};

/// A checked table. Zeros are a refused one: no walk through its region is reliable.
struct surefoot_special_ranges {
  uint64_t opaque[4];
};

enum surefoot_special_ranges_fault {
  surefoot_special_ranges_empty_table,
  surefoot_special_ranges_empty_range,
  surefoot_special_ranges_misaligned,
  surefoot_special_ranges_unsorted,
  surefoot_special_ranges_overlapping,
  surefoot_special_ranges_unknown_kind,
  surefoot_special_ranges_unknown_rule,
  surefoot_special_ranges_nonzero_reserved
};
enum { surefoot_special_ranges_fault_count = surefoot_special_ranges_nonzero_reserved + 1 };

/// The table of a region that has no special code.
struct surefoot_special_ranges surefoot_no_special_ranges(void);
/// Checks a table that lies where it belongs. The entries must stay in place.
bool surefoot_make_special_ranges(const struct surefoot_range_entry* entries, size_t count,
                                  struct surefoot_special_ranges* out, struct surefoot_error* error);
/// The same for a table that is at `table_at` in the program that it describes.
bool surefoot_make_special_ranges_at(const struct surefoot_range_entry* entries, size_t count, uint64_t table_at,
                                     struct surefoot_special_ranges* out, struct surefoot_error* error);
/// The same for a table by absolute addresses.
bool surefoot_make_absolute_special_ranges(const struct surefoot_special_range* ranges, size_t count,
                                           struct surefoot_special_ranges* out, struct surefoot_error* error);

/// Names, as in logs; never NULL.
const char* surefoot_special_name(uint32_t kind);
const char* surefoot_special_ranges_fault_name(uint32_t code);

#if defined(__aarch64__) && !defined(__cplusplus)
// Set by the linker (surefoot-ranges.ld.inc, surefoot-frames.ld.inc). Only a program that calls a function below refers
// to its symbols.
extern __attribute__((visibility("hidden"))) const struct surefoot_range_entry __surefoot_ranges_start[];
extern __attribute__((visibility("hidden"))) const struct surefoot_range_entry __surefoot_ranges_end[];
extern __attribute__((visibility("hidden"))) const struct surefoot_range_entry __surefoot_calls_start[];
extern __attribute__((visibility("hidden"))) const struct surefoot_range_entry __surefoot_calls_end[];

/// The table that the linker gathered for this program.
static inline bool surefoot_linked_special_ranges(struct surefoot_special_ranges* out, struct surefoot_error* error) {
  const uintptr_t size = (uintptr_t)__surefoot_ranges_end - (uintptr_t)__surefoot_ranges_start;
  return surefoot_make_special_ranges(__surefoot_ranges_start, size / sizeof(struct surefoot_range_entry), out, error);
}
/// The calls without a record that `surefoot frames` found in this program; surefoot_no_special_ranges() if it has no
/// such table.
static inline bool surefoot_linked_calls(struct surefoot_special_ranges* out, struct surefoot_error* error) {
  const uintptr_t size = (uintptr_t)__surefoot_calls_end - (uintptr_t)__surefoot_calls_start;
  if (size == 0) {
    *out = surefoot_no_special_ranges();
    return true;
  }
  return surefoot_make_special_ranges(__surefoot_calls_start, size / sizeof(struct surefoot_range_entry), out, error);
}
#endif

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_SPECIAL_RANGES_H
