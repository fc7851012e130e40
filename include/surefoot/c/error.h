// SPDX-License-Identifier: MIT
//
// The one shape of an error; see error.hpp.
#ifndef SUREFOOT_C_ERROR_H
#define SUREFOOT_C_ERROR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Why something was refused. Functions that may refuse return false then, make their result a value of zeros, and
/// store the reason where their last argument points, unless that is NULL.
struct surefoot_error {
  uint32_t code;  ///< an enumerator of the fault that belongs to the function; surefoot_..._fault_name() names it
  size_t index;   ///< the first piece that is wrong: an entry, a stack, a region; 0 where there is only one piece
};

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_ERROR_H
