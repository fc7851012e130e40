// SPDX-License-Identifier: MIT
//
// What a patch has to be, whatever stack it comes to.
#pragma once

#include <expected>
#include <span>

#include "surefoot/livepatch/refusal.hpp"
#include "surefoot/livepatch/replacement.hpp"

namespace surefoot::livepatch::detail {

/// O(n^2) in the number of ranges.
[[nodiscard]] std::expected<void, RefusalError> check_replacements(std::span<const Replacement> replacements) noexcept;

}  // namespace surefoot::livepatch::detail
