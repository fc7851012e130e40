// SPDX-License-Identifier: MIT
//
// The policy. What reliable means is this file and nothing else: it sees evidence and a reason, never an address.
#pragma once

#include "surefoot/config.hpp"
#include "surefoot/verdict.hpp"

namespace surefoot::detail {

// What a chain may show and still be complete and in order.
inline constexpr Evidence acceptable_in_strict = EvidenceBit::return_address_hooked | EvidenceBit::changed_stack;

// Special code and exceptions are no fault by themselves, and neither is a tracer at work there. Where no rule leads on
// from them, the walk has noted that too.
inline constexpr Evidence acceptable_in_exact = acceptable_in_strict | EvidenceBit::return_entry_in_flight |
                                                EvidenceBit::crossed_exception | EvidenceBit::in_special_range;

[[nodiscard]] SUREFOOT_INLINE constexpr Evidence acceptable(Policy policy) noexcept {
  return policy == Policy::exact ? acceptable_in_exact : acceptable_in_strict;
}

[[nodiscard]] SUREFOOT_INLINE constexpr bool shows_doubt(Policy policy, Evidence evidence) noexcept {
  return (evidence.bits() & ~acceptable(policy).bits()) != 0;
}

[[nodiscard]] SUREFOOT_INLINE constexpr bool is_end_of_chain(StopReason stop) noexcept {
  return stop == StopReason::final_record || stop == StopReason::no_stack;
}

[[nodiscard]] SUREFOOT_INLINE constexpr Reliability judge(Policy policy, Evidence evidence, StopReason stop) noexcept {
  return is_end_of_chain(stop) && !shows_doubt(policy, evidence) ? Reliability::reliable : Reliability::unreliable;
}

}  // namespace surefoot::detail
