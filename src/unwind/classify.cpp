// SPDX-License-Identifier: MIT
#include "classify.hpp"

namespace surefoot {

bool is_doubtful(Policy policy, Evidence evidence) noexcept { return detail::shows_doubt(policy, evidence); }

bool is_complete(StopReason stop) noexcept { return detail::is_end_of_chain(stop); }

Reliability classify(Policy policy, Evidence evidence, StopReason stop) noexcept {
  return detail::judge(policy, evidence, stop);
}

}  // namespace surefoot
