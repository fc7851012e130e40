// SPDX-License-Identifier: MIT
//
// Why traces of user programs end, in words.
#include "surefoot/user_trace.hpp"

namespace surefoot {

const char* to_string(UserStop stop) noexcept {
  switch (stop) {  // No default: -Wswitch names the enumerator that was forgotten.
    case UserStop::chain_end: return "chain_end";
    case UserStop::truncated: return "truncated";
    case UserStop::misaligned_record: return "misaligned_record";
    case UserStop::off_stack: return "off_stack";
    case UserStop::not_above_previous: return "not_above_previous";
    case UserStop::unreadable: return "unreadable";
    case UserStop::not_user_code: return "not_user_code";
  }
  return "unknown";
}

}  // namespace surefoot
