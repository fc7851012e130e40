// SPDX-License-Identifier: MIT
//
// Why a change of patches was refused.
#pragma once

#include <cstdint>

#include "surefoot/error.hpp"

namespace surefoot::livepatch {

/// The enumerator is also its name in logs (to_string).
enum class Refusal : std::uint8_t {
  no_replacements,    ///< the patch replaces nothing
  empty_code,         ///< a range of a replacement is empty, or wraps round
  misaligned_code,    ///< a range does not begin at an instruction
  replaced_twice,     ///< two replacements of the patch have old code in common
  code_in_common,     ///< new code of the patch is old code or new code of another replacement
  filter_too_small,   ///< the storage for the entry points has not one word for each replacement
  already_applied,    ///< the patch is in the stack
  not_applied,        ///< the patch is not in the stack
  not_on_top,         ///< a newer patch is in the stack: that one has to go first
  no_room,            ///< the stack has no place for another patch
  in_transition,      ///< tasks are being switched
  not_in_transition,  ///< no tasks are being switched
  round_is_outdated,  ///< the round began before the present transition, or before it was reversed
  tasks_are_left,     ///< the round met a task that could not be switched, or no task at all
  not_traced,         ///< the tracing runtime refused; its error says why
};

/// The number of refusals.
inline constexpr unsigned refusal_count = 15;

/// The index is that of a replacement, where one is at fault.
using RefusalError = Error<Refusal>;

/// The name, equal to the spelling of the enumerator; never null. Any context.
[[nodiscard]] const char* to_string(Refusal refusal) noexcept;

}  // namespace surefoot::livepatch
