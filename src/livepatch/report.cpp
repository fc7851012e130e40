// SPDX-License-Identifier: MIT
#include "surefoot/livepatch/report.hpp"

namespace surefoot::livepatch {

void Round::add(const Finding& finding, std::uint64_t task) noexcept {
  ++tasks_;
  ++counts_[static_cast<std::size_t>(finding.outcome)];
  const bool is_in_replacement = finding.outcome == Outcome::in_function || finding.outcome == Outcome::entering;
  if (is_in_replacement && finding.replacement < in_replacement_.size()) ++in_replacement_[finding.replacement];
  if (!is_holding(finding.outcome) || holding() != 1) return;
  first_holder_ = task;
  first_finding_ = finding;
}

}  // namespace surefoot::livepatch
