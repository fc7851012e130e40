/* SPDX-License-Identifier: MIT
 *
 * The walk for kernels that are written in C (C11): a thin layer over the C++ core, in the same archive. What a value
 * means is said once, in the C++ header that each part names. Every function may be called in any context, and a walk
 * reads nothing but what its arguments name. */
#ifndef SUREFOOT_SUREFOOT_H
#define SUREFOOT_SUREFOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/layout.h"

#ifdef __cplusplus
extern "C" {
#endif

/* verdict.hpp */
enum surefoot_stop_reason {
  surefoot_stop_final_record,
  surefoot_stop_no_stack,
  surefoot_stop_truncated,
  surefoot_stop_misaligned_record,
  surefoot_stop_off_stack,
  surefoot_stop_not_above_previous,
  surefoot_stop_stack_reentered,
  surefoot_stop_half_zero_record,
  surefoot_stop_unknown_metadata,
  surefoot_stop_metadata_off_stack,
  surefoot_stop_final_record_misplaced,
  surefoot_stop_exception_frame_off_stack,
  surefoot_stop_unreadable,
  surefoot_stop_task_running,
  surefoot_stop_task_moved,
  surefoot_stop_bad_context
};

enum surefoot_policy { surefoot_policy_strict, surefoot_policy_exact };

/* evidence.hpp; a set is the sum of its bits. */
enum surefoot_evidence {
  surefoot_evidence_return_address_hooked = 1 << 0,
  surefoot_evidence_return_entry_in_flight = 1 << 1,
  surefoot_evidence_changed_stack = 1 << 2,
  surefoot_evidence_crossed_exception = 1 << 3,
  surefoot_evidence_unknown_interrupted_code = 1 << 4,
  surefoot_evidence_in_special_range = 1 << 5,
  surefoot_evidence_not_text = 1 << 6,
  surefoot_evidence_return_address_unresolved = 1 << 7,
  surefoot_evidence_return_entry_skipped = 1 << 8,
  surefoot_evidence_return_entry_out_of_order = 1 << 9,
  surefoot_evidence_return_entry_left_over = 1 << 10,
  surefoot_evidence_return_stack_damaged = 1 << 11,
  surefoot_evidence_saved_pc_differs = 1 << 12,
  surefoot_evidence_special_ranges_refused = 1 << 13,
  surefoot_evidence_special_code_without_rule = 1 << 14,
  surefoot_evidence_return_entry_invalid = 1 << 15,
  surefoot_evidence_interrupted_el0 = 1 << 16
};

/* frame.hpp */
enum surefoot_source {
  surefoot_source_start,
  surefoot_source_frame_record,
  surefoot_source_exception_frame,
  surefoot_source_return_stack,
  surefoot_source_link_register,
  surefoot_source_x9,
  surefoot_source_stack,
  surefoot_source_frame_table
};

/* address.hpp: whether a pc is looked up as it is, or as the call before it. */
enum surefoot_pc_kind { surefoot_pc_exact, surefoot_pc_return_address };

/* stacks.hpp */
enum surefoot_stack_kind {
  surefoot_stack_task,
  surefoot_stack_irq,
  surefoot_stack_overflow,
  surefoot_stack_exception,
  surefoot_stack_other
};

/* A range of addresses. One whose start + size is 2^64 or more makes a context that is refused (bad_context). */
struct surefoot_range {
  uint64_t start;
  uint64_t size; /* bytes */
};

struct surefoot_stack {
  struct surefoot_range range;
  uint8_t kind; /* enum surefoot_stack_kind */
};

/* special_ranges.hpp: one entry of the table that the linker gathers, and a checked table. Zeros are a refused one. */
struct surefoot_range_entry {
  int32_t start_offset;
  int32_t end_offset;
  uint8_t kind; /* SUREFOOT_SPECIAL_* of layout.h */
  uint8_t rule;
  int16_t rule_offset;
  int16_t registers_offset;
  uint16_t reserved;
};

struct surefoot_special_ranges {
  uint64_t opaque[6];
};

/* surefoot::ReturnStack (return_stack.hpp): made by the part of a kernel that traces, which is C++. */
struct surefoot_return_stack;

/* patch_sites.hpp; zeros know no site. */
struct surefoot_patch_sites {
  const uint64_t* entries;
  size_t entry_count;
  uint64_t start_offset; /* from an entry to the start of its site; may be negative, as a sum modulo 2^64 */
  uint64_t end_offset;
};

/* frame_table.hpp: a checked section, which must stay in place. Zeros are a refused one, which has no rules. */
struct surefoot_frame_table {
  uint64_t opaque[8];
};

enum surefoot_frame_table_error {
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

/* context.hpp */
struct surefoot_context {
  const struct surefoot_stack* stacks;
  size_t stack_count;
  const struct surefoot_range* text;
  size_t text_count;
  struct surefoot_special_ranges special_ranges;
  const struct surefoot_return_stack* return_stack; /* NULL if nothing rewrites return addresses */
  uint64_t final_record_at;
  uint64_t pac_mask; /* the bits that pointer authentication may use */
  enum surefoot_policy policy;
  struct surefoot_patch_sites patch_sites;
  const struct surefoot_frame_table* frame_table; /* NULL if there is none */
};

/* start.hpp */
struct surefoot_registers {
  uint64_t fp;
  uint64_t sp;
  uint64_t pc;
};

struct surefoot_task_activity {
  uint64_t switches; /* 0 at first: blocked */
};

/* records.hpp; layout.h has the offsets for assembly. */
struct surefoot_exception_frame {
  uint64_t x[29];
  uint64_t fp;
  uint64_t lr;
  uint64_t sp;
  uint64_t pc;
  uint64_t pstate;
  uint64_t esr;
  uint64_t far;
  uint64_t
      record[3]; /* 0, 0, SUREFOOT_METADATA_EXCEPTION or, if no kernel code was interrupted, SUREFOOT_METADATA_FINAL */
  uint64_t padding;
};

/* frame.hpp */
struct surefoot_frame {
  uint64_t pc;
  uint32_t evidence; /* of enum surefoot_evidence */
  uint8_t kind;      /* enum surefoot_pc_kind */
  uint8_t source;    /* enum surefoot_source */
  uint8_t special;   /* SUREFOOT_SPECIAL_* of layout.h, or 0 */
};

/* verdict.hpp */
struct surefoot_verdict {
  bool is_reliable;
  enum surefoot_stop_reason stop;
  uint32_t evidence; /* of enum surefoot_evidence */
  size_t first_doubtful;
  uint64_t stop_at;
};

struct surefoot_trace {
  size_t frame_count; /* how many frames were written to the buffer */
  struct surefoot_verdict verdict;
};

/* Checks a table and makes the view that a context holds; false, and a refused one, if the table is wrong or empty. */
bool surefoot_make_special_ranges(const struct surefoot_range_entry* entries, size_t entry_count,
                                  struct surefoot_special_ranges* out);
/* The view for a kernel that has no special code. */
struct surefoot_special_ranges surefoot_no_special_ranges(void);

/* Checks a section that lies where it belongs, and makes the view that a context points to. If the section is wrong:
 * false, a refused view, and the reason in *error unless that is NULL. */
bool surefoot_make_frame_table(const void* section, size_t size, struct surefoot_frame_table* out,
                               enum surefoot_frame_table_error* error);

/* The scheduler's two calls around a task's time on a CPU: see TaskActivity. */
void surefoot_enter_cpu(struct surefoot_task_activity* activity);
void surefoot_leave_cpu(struct surefoot_task_activity* activity);

/* Walks from a function that made a call and has not returned. */
struct surefoot_trace surefoot_walk_call(const struct surefoot_context* context,
                                         const struct surefoot_registers* registers, struct surefoot_frame* frames,
                                         size_t capacity);
/* Walks a task that is off the CPU. */
struct surefoot_trace surefoot_walk_blocked_task(const struct surefoot_context* context,
                                                 const struct surefoot_registers* saved,
                                                 const struct surefoot_task_activity* activity,
                                                 struct surefoot_frame* frames, size_t capacity);
/* Walks from what an exception interrupted; the frame's record tells whether that was kernel code. */
struct surefoot_trace surefoot_walk_exception(const struct surefoot_context* context,
                                              const struct surefoot_exception_frame* frame,
                                              struct surefoot_frame* frames, size_t capacity);

/* Names as in logs; never NULL. */
const char* surefoot_stop_name(enum surefoot_stop_reason stop);
const char* surefoot_evidence_name(enum surefoot_evidence bit);
const char* surefoot_source_name(enum surefoot_source source);
const char* surefoot_special_name(uint8_t kind);
const char* surefoot_frame_table_error_name(enum surefoot_frame_table_error error);

#if defined(__aarch64__) && !defined(__cplusplus)
/* Stores the caller's fp and sp and the address after the call (capture.S). C++ has it from start.hpp. */
void surefoot_capture(struct surefoot_registers* out);

/* Walks from the function that calls this. */
static inline __attribute__((always_inline)) struct surefoot_trace surefoot_walk_here(
    const struct surefoot_context* context, struct surefoot_frame* frames, size_t capacity) {
  struct surefoot_registers registers;
  surefoot_capture(&registers);
  return surefoot_walk_call(context, &registers, frames, capacity);
}

/* Set by the linker: the table for surefoot_make_special_ranges() (surefoot-ranges.ld.inc). */
extern __attribute__((visibility("hidden"))) const struct surefoot_range_entry __surefoot_ranges_start[];
extern __attribute__((visibility("hidden"))) const struct surefoot_range_entry __surefoot_ranges_end[];
/* The same for surefoot_make_frame_table() (surefoot-frames.ld.inc): a section from start to end, in bytes. */
extern __attribute__((visibility("hidden"))) const char __surefoot_frame_table_start[];
extern __attribute__((visibility("hidden"))) const char __surefoot_frame_table_end[];
#endif

#ifdef __cplusplus
}
#endif

#endif /* SUREFOOT_SUREFOOT_H */
