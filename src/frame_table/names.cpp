// SPDX-License-Identifier: MIT
//
// The names of what can be wrong with a frame table. Linked only where a name is asked for.
#include "surefoot/frame_table.hpp"

namespace surefoot {

const char* to_string(FrameTableFault fault) noexcept {
  switch (fault) {  // No default: -Wswitch names the enumerator that was forgotten.
    case FrameTableFault::truncated: return "truncated";
    case FrameTableFault::not_sframe: return "not_sframe";
    case FrameTableFault::other_byte_order: return "other_byte_order";
    case FrameTableFault::version_1: return "version_1";
    case FrameTableFault::version_2: return "version_2";
    case FrameTableFault::unknown_version: return "unknown_version";
    case FrameTableFault::unknown_flags: return "unknown_flags";
    case FrameTableFault::other_architecture: return "other_architecture";
    case FrameTableFault::unsorted: return "unsorted";
  }
  return "unknown";
}

}  // namespace surefoot
