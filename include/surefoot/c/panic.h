// SPDX-License-Identifier: MIT
//
// The report of a panic; see panic.hpp and panic/report.hpp. A kernel that calls these functions links surefoot::panic
// and surefoot::print as well.
#ifndef SUREFOOT_C_PANIC_H
#define SUREFOOT_C_PANIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/kernel.h"
#include "surefoot/c/print.h"
#include "surefoot/c/start.h"
#include "surefoot/c/symbols.h"
#include "surefoot/c/task.h"

#ifdef __cplusplus
extern "C" {
#endif

/// ESR_ELx and FAR_ELx as an exception left them.
struct surefoot_syndrome {
  uint64_t esr;
  uint64_t far;
};

/// What is known of one CPU and of the task on it. Zeros know nothing: a number is known if its flag is set, all else
/// if it is not NULL. All that is referred to must stay in place until the report is printed.
struct surefoot_panic_report {
  const char* reason;
  bool has_cpu;
  uint32_t cpu;
  const char* task_name;
  bool has_task_number;
  uint64_t task_number;
  uint64_t exception_frame_at;  ///< laid out as the kernel's description says; 0 for none
  uint16_t general_registers;   ///< where that frame holds x0, of x0 to x28 in ascending order
  const struct surefoot_syndrome* syndrome;
  const struct surefoot_kernel* kernel;
  const struct surefoot_task* task;
  const struct surefoot_start* start;  ///< where the trace begins; NULL for the exception
  bool is_strict;                      ///< judges the trace by the strict policy, not by the exact one
  struct surefoot_symbols symbols;
  const struct surefoot_memory* memory;  ///< reads words that may not be there; NULL reads them as they are
};

/// What became of another CPU.
enum surefoot_panic_standing {
  surefoot_panic_stopped,
  surefoot_panic_silent,
  surefoot_panic_reported,
  surefoot_panic_absent
};
enum { surefoot_panic_standing_count = surefoot_panic_absent + 1 };

/// What a panic needs from the kernel; see panic::Port. All but `write` may be NULL on a kernel with one CPU.
struct surefoot_panic_port {
  void* object;
  void (*write)(void* object, const char* text, size_t size);
  bool (*take_console)(void* object);
  void (*release_console)(void* object);
  uint32_t cpu_count;  ///< 0 as 1
  void (*stop_others)(void* object);
  /// Returns an enum surefoot_panic_standing. Of `known` it may set the task, the exception and the start.
  uint32_t (*wait_for)(void* object, uint32_t cpu, struct surefoot_panic_report* known);
};

/// What all CPUs share. Zeros at first.
struct surefoot_panic_all_cpus {
  uint32_t first;
};
/// What each CPU has for itself. Zeros at first.
struct surefoot_panic_own_cpu {
  uint32_t depth;
};

/// What the caller has to do then.
enum surefoot_panic_outcome { surefoot_panic_end_machine, surefoot_panic_stay, surefoot_panic_give_up };
enum { surefoot_panic_outcome_count = surefoot_panic_give_up + 1 };

/// Reports a panic: of this CPU, and if it is the first to panic, of the others; see panic::handle(). With interrupts
/// masked. Returns an enum surefoot_panic_outcome.
uint32_t surefoot_panic(const struct surefoot_panic_report* report, const struct surefoot_panic_port* port,
                        struct surefoot_panic_all_cpus* all, struct surefoot_panic_own_cpu* own);

/// The report alone.
void surefoot_print_panic(const struct surefoot_panic_report* report, const struct surefoot_sink* sink);

/// What they mean, as a clause in lower case; never NULL.
const char* surefoot_stop_sentence(uint8_t stop);
const char* surefoot_evidence_sentence(uint32_t bit);

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_PANIC_H
