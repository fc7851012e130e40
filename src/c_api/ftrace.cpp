// SPDX-License-Identifier: MIT
//
// The tracing runtime, from C. Refers to surefoot::ftrace; AArch64 only.
#include "surefoot/ftrace.hpp"

#include "same_values.hpp"
#include "surefoot/c/ftrace.h"
#include "view.hpp"

using namespace surefoot;
using namespace surefoot::ftrace;
using surefoot::detail::pack;
using surefoot::detail::view_as;

SUREFOOT_SAME_LAYOUT(surefoot_execution_state, ExecutionState);
// NOLINTNEXTLINE(bugprone-sizeof-expression): of the pointer itself, in both languages.
SUREFOOT_SAME_MEMBER(surefoot_execution_state, returns, ExecutionState, returns);
SUREFOOT_SAME_MEMBER(surefoot_execution_state, in_callback_since, ExecutionState, in_callback_since);
SUREFOOT_SAME_BYTES(surefoot_grace_period, GracePeriod);

namespace {

[[maybe_unused]] constexpr void prove(PatchError value) noexcept {
  constexpr unsigned count = surefoot_patch_error_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_patch_, PatchError, not_a_patch_site);
    SUREFOOT_SAME_VALUE(surefoot_patch_, PatchError, out_of_range);
    SUREFOOT_SAME_VALUE(surefoot_patch_, PatchError, not_writable);
    SUREFOOT_SAME_VALUE(surefoot_patch_, PatchError, not_initialized);
    SUREFOOT_SAME_VALUE(surefoot_patch_, PatchError, not_prepared);
    SUREFOOT_SAME_VALUE(surefoot_patch_, PatchError, already_registered);
    SUREFOOT_SAME_VALUE(surefoot_patch_, PatchError, not_registered);
  }
}

}  // namespace

void surefoot_ftrace_initialize(const std::uint64_t* entries, std::size_t count) { initialize({entries, count}); }

bool surefoot_ftrace_prepare(std::uint32_t* error) {
  const auto prepared = prepare();
  if (!prepared && error != nullptr) *error = static_cast<std::uint32_t>(prepared.error());
  return prepared.has_value();
}

bool surefoot_ftrace_patch_sites(surefoot_patch_sites* out, surefoot_error* error) {
  return surefoot::detail::store(patch_sites(), out, error);
}

surefoot_grace_period surefoot_ftrace_begin_grace_period() { return pack<surefoot_grace_period>(GracePeriod::begin()); }

bool surefoot_ftrace_is_over_in(const surefoot_grace_period* period, const surefoot_execution_state* state) {
  return view_as<const GracePeriod>(period)->is_over_in(*view_as<const ExecutionState>(state));
}

const char* surefoot_patch_error_name(std::uint32_t error) {
  return error < surefoot_patch_error_count ? to_string(static_cast<PatchError>(error)) : "unknown";
}
