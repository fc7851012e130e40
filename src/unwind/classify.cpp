// SPDX-License-Identifier: MIT
//
// The policy. What reliable means is this file and nothing else: it sees evidence and a reason, never an address.
#include "surefoot/verdict.hpp"

namespace surefoot {
namespace {

// What a chain may show and still be complete and in order.
constexpr Evidence acceptable_in_strict = EvidenceBit::return_address_hooked | EvidenceBit::changed_stack;

// Special code and exceptions are no fault by themselves, and neither is a tracer at work there. Where no rule leads on
// from them, the walk has noted that too.
constexpr Evidence acceptable_in_exact = acceptable_in_strict | EvidenceBit::return_entry_in_flight |
                                         EvidenceBit::crossed_exception | EvidenceBit::in_special_range;

constexpr Evidence acceptable(Policy policy) noexcept {
  switch (policy) {  // No default: -Wswitch names the enumerator this forgot.
    case Policy::strict: return acceptable_in_strict;
    case Policy::exact: return acceptable_in_exact;
  }
  return {};
}

}  // namespace

bool is_doubtful(Policy policy, Evidence evidence) noexcept {
  return (evidence.bits() & ~acceptable(policy).bits()) != 0;
}

bool is_complete(StopReason stop) noexcept { return stop == StopReason::final_record || stop == StopReason::no_stack; }

Reliability classify(Policy policy, Evidence evidence, StopReason stop) noexcept {
  return is_complete(stop) && !is_doubtful(policy, evidence) ? Reliability::reliable : Reliability::unreliable;
}

}  // namespace surefoot
