// SPDX-License-Identifier: MIT
//
// What a kernel in C needs of the tracing runtime before it patches functions; see ftrace.hpp. Tracers themselves are
// written in C++. AArch64 only; a program that calls these functions links surefoot::ftrace.
#ifndef SUREFOOT_C_FTRACE_H
#define SUREFOOT_C_FTRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/error.h"
#include "surefoot/c/patch_sites.h"
#include "surefoot/c/return_stack.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The tracing state of one context of execution; see port.hpp. Zeros in a new one.
struct surefoot_execution_state {
  struct surefoot_return_stack* returns;  ///< NULL: no graph tracing
  uint64_t in_callback_since;             ///< the runtime's own
};

enum surefoot_patch_error {
  surefoot_patch_not_a_patch_site,
  surefoot_patch_out_of_range,
  surefoot_patch_not_writable,
  surefoot_patch_not_initialized,
  surefoot_patch_not_prepared,
  surefoot_patch_already_registered,
  surefoot_patch_not_registered
};
enum { surefoot_patch_error_count = surefoot_patch_not_registered + 1 };

/// A period after which nothing that was released is used any more; see grace_period.hpp.
struct surefoot_grace_period {
  uint64_t opaque;
};

#if defined(__aarch64__)
/// Names the patch sites, and prepares them; see runtime.hpp. False, and the enum surefoot_patch_error.
void surefoot_ftrace_initialize(const uint64_t* entries, size_t count);
bool surefoot_ftrace_prepare(uint32_t* error);
/// The patch sites as a walk wants them; after surefoot_ftrace_initialize().
bool surefoot_ftrace_patch_sites(struct surefoot_patch_sites* out, struct surefoot_error* error);

/// After surefoot_livepatch_release().
struct surefoot_grace_period surefoot_ftrace_begin_grace_period(void);
bool surefoot_ftrace_is_over_in(const struct surefoot_grace_period* period,
                                const struct surefoot_execution_state* state);

/// The name, as in logs; never NULL.
const char* surefoot_patch_error_name(uint32_t error);

#if !defined(__cplusplus)
/// What the kernel supplies; port.hpp says what each has to do. Neither they nor what they call may be traced.
__attribute__((visibility("hidden"))) struct surefoot_execution_state* surefoot_ftrace_port_execution_state(void);
__attribute__((visibility("hidden"))) uint32_t* surefoot_ftrace_port_writable_alias(uint64_t code_at);
__attribute__((visibility("hidden"))) void surefoot_ftrace_port_synchronize_cpus(void);
#endif
#endif

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_FTRACE_H
