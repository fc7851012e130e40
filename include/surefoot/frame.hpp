// SPDX-License-Identifier: MIT
//
// One line of a trace.
#pragma once

#include <cstdint>

#include "surefoot/address.hpp"
#include "surefoot/evidence.hpp"
#include "surefoot/special_ranges.hpp"

namespace surefoot {

/// Where the pc of a frame came from. The enumerator is also its name in logs (to_string).
enum class Source : std::uint8_t {
  start,            ///< the walk's starting point
  frame_record,     ///< the second word of a frame record
  exception_frame,  ///< the registers that an exception saved
  return_stack,     ///< a return-stack entry, in place of the hook that stood there
  link_register,    ///< the interrupted link register, or a register that is about to become it
  x9,               ///< the interrupted x9
  stack,            ///< a slot on the interrupted stack that is no frame record
  frame_table,      ///< a slot on the interrupted stack that the frame table names
};

/// One function of a trace, the callee before its caller.
struct Frame {
  /// The pc, restored if it had been rewritten, and without a pointer authentication code.
  std::uint64_t pc = 0;
  /// What was noticed at this frame.
  Evidence evidence;
  CodeAddress::Kind kind = CodeAddress::Kind::exact;
  Source source = Source::start;
  /// The kind of special range that the pc lies in, if any.
  SpecialKind special = SpecialKind::none;
  std::uint8_t reserved = 0;

  [[nodiscard]] constexpr CodeAddress address() const noexcept { return CodeAddress(pc, kind); }
};

/// The name, equal to the spelling of the enumerator; never null. Any context.
[[nodiscard]] const char* to_string(Source source) noexcept;

}  // namespace surefoot
