// SPDX-License-Identifier: MIT
//
// The walk into a buffer, of the running kernel's own memory.
#include "surefoot/walk.hpp"

namespace surefoot {

Trace walk(const Start& start, const Context& context, std::span<Frame> frames) noexcept {
  return walk(start, context, frames, LocalReader());
}

}  // namespace surefoot
