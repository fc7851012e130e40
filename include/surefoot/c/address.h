// SPDX-License-Identifier: MIT
//
// Ranges of addresses, and what a code address says; see address.hpp.
#ifndef SUREFOOT_C_ADDRESS_H
#define SUREFOOT_C_ADDRESS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// [start, start + size). A range that wraps round, or ends at 2^64, holds nothing, and is refused by the functions
/// that check it.
struct surefoot_range {
  uint64_t start;
  uint64_t size;  ///< bytes
};

/// Whether a pc is looked up as it is, or as the call before it.
enum surefoot_pc_kind { surefoot_pc_exact, surefoot_pc_return_address };
enum { surefoot_pc_kind_count = surefoot_pc_return_address + 1 };

/// The name, as in logs; never NULL.
const char* surefoot_pc_kind_name(uint32_t kind);

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_ADDRESS_H
