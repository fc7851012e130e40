// SPDX-License-Identifier: MIT
//
// The names of what live patching reports, from C. Linked only where a name is asked for.
#include "same_values.hpp"
#include "surefoot/c/livepatch.h"
#include "surefoot/livepatch/refusal.hpp"
#include "surefoot/livepatch/report.hpp"
#include "view.hpp"

using namespace surefoot::livepatch;

namespace {

[[maybe_unused]] constexpr void prove(Refusal value) noexcept {
  constexpr unsigned count = surefoot_livepatch_refusal_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Refusal, no_replacements);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Refusal, empty_code);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Refusal, misaligned_code);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Refusal, replaced_twice);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Refusal, code_in_common);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Refusal, filter_too_small);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Refusal, already_applied);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Refusal, not_applied);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Refusal, not_on_top);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Refusal, no_room);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Refusal, in_transition);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Refusal, not_in_transition);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Refusal, round_is_outdated);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Refusal, tasks_are_left);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Refusal, not_traced);
  }
}

[[maybe_unused]] constexpr void prove(Outcome value) noexcept {
  constexpr unsigned count = surefoot_livepatch_outcome_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Outcome, up_to_date);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Outcome, switched);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Outcome, running);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Outcome, unreliable);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Outcome, in_function);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Outcome, entering);
    SUREFOOT_SAME_VALUE(surefoot_livepatch_, Outcome, stale);
  }
}
static_assert(surefoot_livepatch_refusal_count == refusal_count && surefoot_livepatch_outcome_count == outcome_count);

}  // namespace

const char* surefoot_livepatch_refusal_name(std::uint32_t refusal) {
  return refusal < refusal_count ? to_string(static_cast<Refusal>(refusal)) : "unknown";
}
const char* surefoot_livepatch_outcome_name(std::uint32_t outcome) {
  return outcome < outcome_count ? to_string(static_cast<Outcome>(outcome)) : "unknown";
}
