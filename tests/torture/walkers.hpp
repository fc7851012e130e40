// SPDX-License-Identifier: MIT
//
// Tasks that walk the workers all the time, and wake those that are blocked.
#pragma once

#include <cstdint>

#include "torture/judge.hpp"

namespace torture {

inline constexpr unsigned most_walkers = 7;

/// False if there is no room for the tasks.
[[nodiscard]] bool start_walkers(unsigned count, std::uint64_t seed, const WorkCode& code,
                                 const surefoot::Kernel& at_boot, Break fault) noexcept;
/// What they have counted so far.
[[nodiscard]] Counts counts_so_far() noexcept;
/// Ends them, and adds up what they have counted.
[[nodiscard]] Counts end_walkers() noexcept;

}  // namespace torture
