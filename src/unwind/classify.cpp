// SPDX-License-Identifier: MIT
//
// The policy. What reliable means is this file and nothing else: it sees evidence and a reason, never an address.
#include "surefoot/verdict.hpp"

namespace surefoot {
namespace {

// What a chain may show and still be complete and in order.
constexpr Evidence acceptable(Policy policy) noexcept {
  switch (policy) {  // No default: -Wswitch names the enumerator this forgot.
    case Policy::strict:
      // An entry in flight belongs to a trampoline, which is doubtful anyway. Accepted elsewhere it could hide a traced
      // function that is missing: one that recurses leaves the same return address in its caller's record.
      return EvidenceBit::return_address_hooked | EvidenceBit::changed_stack;
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
