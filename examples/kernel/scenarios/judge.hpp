// SPDX-License-Identifier: MIT
//
// Compares what was recorded with what was expected, and prints both.
#pragma once

#include "scenarios/scenario.hpp"
#include "surefoot/print.hpp"

namespace demo {

/// Forgets what an earlier scenario recorded.
void begin_recording() noexcept;

/// Prints the line of the scenario, the trace, and whatever differs from what is expected. True if nothing does.
[[nodiscard]] bool judge(const Scenario& scenario, const surefoot::PrintOptions& options) noexcept;

}  // namespace demo
