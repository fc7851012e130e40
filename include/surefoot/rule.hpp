// SPDX-License-Identifier: MIT
//
// A rule says where the registers of a caller are, as data. Choosing one and executing it are apart: the checks that
// make a read safe are in the executor (detail/cursor_impl.hpp), once, whatever the rule says.
#pragma once

#include <cstdint>

#include "surefoot/layout.h"

namespace surefoot {

/// A register transfer from a function to its caller.
struct Rule {
  enum class Form : std::uint8_t {
    /// Nothing is known about this code's caller.
    none = SUREFOOT_RULE_NONE,
    /// {pc, fp} = {[fp + 8], [fp]}.
    frame_record = SUREFOOT_RULE_FRAME_RECORD,
  };

  Form form = Form::none;
  /// Where a second copy of the caller's pc is, in bytes from the frame record; 0 if there is none. Code that may
  /// change where it returns to, as an ftrace trampoline may, is believed only while both copies agree.
  std::int16_t saved_pc_offset = 0;

  friend constexpr bool operator==(const Rule&, const Rule&) = default;
};

}  // namespace surefoot
