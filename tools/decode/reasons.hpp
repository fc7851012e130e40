// SPDX-License-Identifier: MIT
//
// What the names in a verdict mean, and what a person can do about each: sentences for people who do not know the
// library. docs/verdict.md has the table of meanings, docs/reliability.md says how each cause arises.
#pragma once

#include "surefoot/verdict.hpp"

namespace surefoot::tools {

/// Never null; one or two sentences. The advice says what to change in the kernel, its description or its build, or
/// where to look for what is broken.
struct Explanation {
  const char* meaning;
  const char* advice;
};

[[nodiscard]] Explanation explain(StopReason reason);

/// The advice depends on the policy: a few bits are refused by strict and accepted by exact.
[[nodiscard]] Explanation explain(EvidenceBit bit, Policy policy);

}  // namespace surefoot::tools
