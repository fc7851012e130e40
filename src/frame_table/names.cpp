// SPDX-License-Identifier: MIT
//
// The names of what can be wrong with a frame table. Linked only where a name is asked for.
#include "surefoot/frame_table.hpp"

namespace surefoot {

const char* to_string(FrameTableError error) noexcept {
  switch (error) {  // No default: -Wswitch names the enumerator that was forgotten.
    case FrameTableError::truncated: return "truncated";
    case FrameTableError::not_sframe: return "not_sframe";
    case FrameTableError::other_byte_order: return "other_byte_order";
    case FrameTableError::version_1: return "version_1";
    case FrameTableError::version_2: return "version_2";
    case FrameTableError::unknown_version: return "unknown_version";
    case FrameTableError::unknown_flags: return "unknown_flags";
    case FrameTableError::other_architecture: return "other_architecture";
    case FrameTableError::unsorted: return "unsorted";
  }
  return "unknown";
}

}  // namespace surefoot
