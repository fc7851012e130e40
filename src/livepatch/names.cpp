// SPDX-License-Identifier: MIT
//
// The names of outcomes and refusals. Linked only where a name is asked for.
#include "surefoot/livepatch/refusal.hpp"
#include "surefoot/livepatch/report.hpp"

namespace surefoot::livepatch {

const char* to_string(Outcome outcome) noexcept {
  switch (outcome) {  // No default: -Wswitch names the enumerator that was forgotten.
    case Outcome::up_to_date: return "up_to_date";
    case Outcome::switched: return "switched";
    case Outcome::running: return "running";
    case Outcome::unreliable: return "unreliable";
    case Outcome::in_function: return "in_function";
    case Outcome::entering: return "entering";
    case Outcome::stale: return "stale";
  }
  return "unknown";
}

const char* to_string(Refusal refusal) noexcept {
  switch (refusal) {  // No default: -Wswitch names the enumerator that was forgotten.
    case Refusal::no_replacements: return "no_replacements";
    case Refusal::empty_code: return "empty_code";
    case Refusal::misaligned_code: return "misaligned_code";
    case Refusal::replaced_twice: return "replaced_twice";
    case Refusal::code_in_common: return "code_in_common";
    case Refusal::filter_too_small: return "filter_too_small";
    case Refusal::already_applied: return "already_applied";
    case Refusal::not_applied: return "not_applied";
    case Refusal::not_on_top: return "not_on_top";
    case Refusal::no_room: return "no_room";
    case Refusal::in_transition: return "in_transition";
    case Refusal::not_in_transition: return "not_in_transition";
    case Refusal::round_is_outdated: return "round_is_outdated";
    case Refusal::tasks_are_left: return "tasks_are_left";
    case Refusal::not_traced: return "not_traced";
  }
  return "unknown";
}

}  // namespace surefoot::livepatch
