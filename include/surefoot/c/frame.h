// SPDX-License-Identifier: MIT
//
// One line of a trace; see frame.hpp.
#ifndef SUREFOOT_C_FRAME_H
#define SUREFOOT_C_FRAME_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Where the pc of a frame came from.
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
enum { surefoot_source_count = surefoot_source_frame_table + 1 };

/// One function of a trace; see frame.hpp.
struct surefoot_frame {
  uint64_t pc;
  uint32_t evidence;  ///< of enum surefoot_evidence
  uint8_t kind;       ///< enum surefoot_pc_kind
  uint8_t source;     ///< enum surefoot_source
  uint8_t special;    ///< SUREFOOT_SPECIAL_* of layout.h, or 0
  uint8_t reserved;
};

/// The name, as in logs; never NULL.
const char* surefoot_source_name(uint32_t source);

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_FRAME_H
