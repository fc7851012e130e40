// SPDX-License-Identifier: MIT
//
// Faults that are planted, to see that wrong verdicts corrupt the run: that the demonstration shows something.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/surefoot.hpp"

namespace livepatch {

enum class Break : std::uint8_t {
  nothing,
  verdict,  ///< rounds believe every trace, and the image is described without its tables of instructions
  rule,     ///< the leaf is declared as code with a frame record
};
inline constexpr Break all_breaks[] = {Break::verdict, Break::rule};
[[nodiscard]] const char* to_string(Break fault) noexcept;

/// The kernel as rounds see it: as it is, or with the fault. Null, after a message, if that cannot be described.
[[nodiscard]] const surefoot::Kernel* describe_with(Break fault) noexcept;

}  // namespace livepatch
