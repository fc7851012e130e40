// SPDX-License-Identifier: MIT
//
// What a verdict says, in words for a person who has never seen one. The table is in docs/panic.md. Part of
// surefoot::print.
#pragma once

#include "surefoot/evidence.hpp"
#include "surefoot/verdict.hpp"

namespace surefoot {

/// What a stop reason means, as a clause: "a frame pointer leads outside of every stack of the task". It begins in
/// lower case and has no full stop. Never null. Reads no memory but constants; any context.
[[nodiscard]] const char* to_sentence(StopReason reason) noexcept;

/// The same of one thing that a walk noticed.
[[nodiscard]] const char* to_sentence(EvidenceBit bit) noexcept;

}  // namespace surefoot
