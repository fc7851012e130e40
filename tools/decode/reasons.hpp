// SPDX-License-Identifier: MIT
//
// What the names in a verdict mean, as the library says it (explain.hpp), and what a person can do about each.
// docs/reliability.md says how each cause arises.
#pragma once

#include <string>

#include "surefoot/verdict.hpp"

namespace surefoot::tools {

/// One or two sentences each. The advice says what to change in the kernel, its description or its build, or where to
/// look for what is broken.
struct Explanation {
  std::string meaning;
  std::string advice;
};

[[nodiscard]] Explanation explain(StopReason reason);

/// The advice depends on the policy: a few bits are refused by strict and accepted by exact.
[[nodiscard]] Explanation explain(EvidenceBit bit, Policy policy);

}  // namespace surefoot::tools
