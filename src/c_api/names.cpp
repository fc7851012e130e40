// SPDX-License-Identifier: MIT
//
// The names of what walks report, from C. Linked only where a name is asked for.
#include "same_values.hpp"
#include "surefoot/c/walk.h"
#include "surefoot/walk.hpp"
#include "view.hpp"

using namespace surefoot;
using detail::name_of;

namespace {

[[maybe_unused]] constexpr void prove(EvidenceBit value) noexcept {
  constexpr unsigned count = 1U << surefoot_evidence_bit_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, return_address_hooked);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, return_entry_in_flight);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, changed_stack);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, crossed_exception);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, unknown_interrupted_code);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, in_special_range);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, not_text);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, return_address_unresolved);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, return_entry_skipped);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, return_entry_out_of_order);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, return_entry_left_over);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, return_stack_damaged);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, saved_pc_differs);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, special_ranges_refused);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, special_code_without_rule);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, return_entry_invalid);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, interrupted_el0);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, call_site_disagrees);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, frame_table_disagrees);
    SUREFOOT_SAME_VALUE(surefoot_evidence_, EvidenceBit, shadow_call_stack_disagrees);
  }
}

[[maybe_unused]] constexpr void prove(StopReason value) noexcept {
  constexpr unsigned count = surefoot_stop_reason_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, final_record);
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, no_stack);
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, truncated);
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, misaligned_record);
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, off_stack);
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, not_above_previous);
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, stack_reentered);
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, half_zero_record);
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, unknown_metadata);
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, metadata_off_stack);
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, final_record_misplaced);
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, exception_frame_off_stack);
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, unreadable);
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, task_running);
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, task_moved);
    SUREFOOT_SAME_VALUE(surefoot_stop_, StopReason, bad_task);
  }
}

static_assert(surefoot_stop_reason_count == stop_reason_count && surefoot_evidence_bit_count == evidence_bit_count);

[[maybe_unused]] constexpr void prove(Policy value) noexcept {
  constexpr unsigned count = surefoot_policy_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_policy_, Policy, strict);
    SUREFOOT_SAME_VALUE(surefoot_policy_, Policy, exact);
  }
}

[[maybe_unused]] constexpr void prove(Source value) noexcept {
  constexpr unsigned count = surefoot_source_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_source_, Source, start);
    SUREFOOT_SAME_VALUE(surefoot_source_, Source, frame_record);
    SUREFOOT_SAME_VALUE(surefoot_source_, Source, exception_frame);
    SUREFOOT_SAME_VALUE(surefoot_source_, Source, return_stack);
    SUREFOOT_SAME_VALUE(surefoot_source_, Source, link_register);
    SUREFOOT_SAME_VALUE(surefoot_source_, Source, x9);
    SUREFOOT_SAME_VALUE(surefoot_source_, Source, stack);
    SUREFOOT_SAME_VALUE(surefoot_source_, Source, frame_table);
  }
}

[[maybe_unused]] constexpr void prove(CodeAddress::Kind value) noexcept {
  constexpr unsigned count = surefoot_pc_kind_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_pc_, CodeAddress::Kind, exact);
    SUREFOOT_SAME_VALUE(surefoot_pc_, CodeAddress::Kind, return_address);
  }
}

[[maybe_unused]] constexpr void prove(StackKind value) noexcept {
  constexpr unsigned count = surefoot_stack_kind_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_stack_, StackKind, task);
    SUREFOOT_SAME_VALUE(surefoot_stack_, StackKind, irq);
    SUREFOOT_SAME_VALUE(surefoot_stack_, StackKind, overflow);
    SUREFOOT_SAME_VALUE(surefoot_stack_, StackKind, exception);
    SUREFOOT_SAME_VALUE(surefoot_stack_, StackKind, other);
  }
}

[[maybe_unused]] constexpr void prove(RecordTyping value) noexcept {
  constexpr unsigned count = surefoot_record_typing_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_record_, RecordTyping, typed);
    SUREFOOT_SAME_VALUE(surefoot_record_, RecordTyping, untyped);
  }
}

[[maybe_unused]] constexpr void prove(SpecialKind value) noexcept {
  constexpr unsigned count = surefoot_special_kind_count;
  switch (value) {
    SUREFOOT_SAME_NUMBER(0, SpecialKind::none);
    SUREFOOT_SAME_NUMBER(SUREFOOT_SPECIAL_EXCEPTION_ENTRY, SpecialKind::exception_entry);
    SUREFOOT_SAME_NUMBER(SUREFOOT_SPECIAL_FTRACE_CALL, SpecialKind::ftrace_call);
    SUREFOOT_SAME_NUMBER(SUREFOOT_SPECIAL_FTRACE_GRAPH_CALLER, SpecialKind::ftrace_graph_caller);
    SUREFOOT_SAME_NUMBER(SUREFOOT_SPECIAL_RETURN_TO_HANDLER, SpecialKind::return_to_handler);
    SUREFOOT_SAME_NUMBER(SUREFOOT_SPECIAL_FTRACE_TRAMPOLINE, SpecialKind::ftrace_trampoline);
    SUREFOOT_SAME_NUMBER(SUREFOOT_SPECIAL_RETURN_HOOK, SpecialKind::return_hook);
    SUREFOOT_SAME_NUMBER(SUREFOOT_SPECIAL_VENEER, SpecialKind::veneer);
    SUREFOOT_SAME_NUMBER(SUREFOOT_SPECIAL_OTHER, SpecialKind::other);
    SUREFOOT_SAME_NUMBER(SUREFOOT_SPECIAL_CALL_WITHOUT_RECORD, SpecialKind::call_without_record);
  }
}

}  // namespace

const char* surefoot_evidence_name(std::uint32_t bit) { return to_string(static_cast<EvidenceBit>(bit)); }
const char* surefoot_stop_name(std::uint32_t stop) { return name_of<StopReason>(stop, surefoot_stop_reason_count); }
const char* surefoot_policy_name(std::uint32_t policy) { return name_of<Policy>(policy, surefoot_policy_count); }
const char* surefoot_reliability_name(bool is_reliable) { return to_string(static_cast<Reliability>(is_reliable)); }
const char* surefoot_source_name(std::uint32_t source) { return name_of<Source>(source, surefoot_source_count); }
const char* surefoot_pc_kind_name(std::uint32_t kind) {
  return name_of<CodeAddress::Kind>(kind, surefoot_pc_kind_count);
}
const char* surefoot_stack_kind_name(std::uint32_t kind) { return name_of<StackKind>(kind, surefoot_stack_kind_count); }
const char* surefoot_record_typing_name(std::uint32_t typing) {
  return name_of<RecordTyping>(typing, surefoot_record_typing_count);
}
const char* surefoot_special_name(std::uint32_t kind) {
  return name_of<SpecialKind>(kind, surefoot_special_kind_count);
}
