// SPDX-License-Identifier: MIT
//
// What is true of the whole kernel; see kernel.hpp and exception_layout.hpp.
#ifndef SUREFOOT_C_KERNEL_H
#define SUREFOOT_C_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/code_map.h"
#include "surefoot/c/error.h"
#include "surefoot/c/verdict.h"

#ifdef __cplusplus
extern "C" {
#endif

/// How a kernel marks the ends of a chain of records.
enum surefoot_record_typing { surefoot_record_typed, surefoot_record_untyped };
enum { surefoot_record_typing_count = surefoot_record_untyped + 1 };

/// In place of the offset of a register that the frame does not hold.
enum { surefoot_absent = 0xffff };

/// Where exception entry saves registers: offsets from the frame's lowest address.
struct surefoot_exception_layout {
  uint16_t size;
  uint16_t pc;
  uint16_t pstate;  ///< or surefoot_absent
  uint16_t sp;      ///< or surefoot_absent
  uint16_t fp;
  uint16_t lr;  ///< or surefoot_absent
  uint16_t x9;  ///< or surefoot_absent
  uint16_t record;
  uint8_t typing;  ///< enum surefoot_record_typing
  uint64_t final_type;
  uint64_t exception_type;
};

/// What walks compare the chain with; see witnesses.hpp.
struct surefoot_chosen_witnesses {
  bool call_site;
  bool call_target;
  bool frame_table_chain;
  bool shadow_call_stack;
};

/// The same, with the code that compares. Zeros are none.
struct surefoot_witnesses {
  uint64_t opaque[2];
};

/// What a kernel is made of; see kernel.hpp.
struct surefoot_kernel_description {
  const struct surefoot_code_map* code;               ///< required
  uint64_t pac_mask;                                  ///< 0, or as surefoot_pac_mask_for() says
  uint64_t tag_mask;                                  ///< 0, or as surefoot_tag_mask_for_top_byte() says
  const struct surefoot_exception_layout* exception;  ///< NULL for that of struct surefoot_exception_frame
  struct surefoot_witnesses witnesses;                ///< zeros for none
  uint8_t policy;                                     ///< enum surefoot_policy, of walks that name none
};

/// A checked description. Zeros are a kernel without code: walks find frames, and are not reliable.
struct surefoot_kernel {
  uint64_t opaque[11];
};

enum surefoot_kernel_fault {
  surefoot_kernel_missing_code_map,
  surefoot_kernel_bad_frame_size,
  surefoot_kernel_missing_register,
  surefoot_kernel_misaligned_register,
  surefoot_kernel_register_outside,
  surefoot_kernel_overlapping_registers,
  surefoot_kernel_ambiguous_types
};
enum { surefoot_kernel_fault_count = surefoot_kernel_ambiguous_types + 1 };

/// The witnesses that are chosen. A program that does not call it does without their code.
void surefoot_make_witnesses(const struct surefoot_chosen_witnesses* chosen, struct surefoot_witnesses* out);
/// Checks the description. A code map of zeros is a missing one. The map must stay in place; all else is copied.
bool surefoot_make_kernel(const struct surefoot_kernel_description* description, struct surefoot_kernel* out,
                          struct surefoot_error* error);
/// Puts another code map in force; see Kernel::publish(). False, and the old one stays in force, if the map or the
/// kernel was not made.
bool surefoot_publish(struct surefoot_kernel* kernel, const struct surefoot_code_map* code);

/// The mask of pointer authentication for so many bits of virtual address, and no tagged code addresses.
uint64_t surefoot_pac_mask_for(unsigned address_bits);
/// The mask of tags where the top byte of addresses is ignored.
uint64_t surefoot_tag_mask_for_top_byte(void);

/// Names, as in logs; never NULL.
const char* surefoot_record_typing_name(uint32_t typing);
const char* surefoot_kernel_fault_name(uint32_t code);

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_KERNEL_H
