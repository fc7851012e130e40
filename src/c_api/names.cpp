// SPDX-License-Identifier: MIT
//
// The names of what walks report, from C. Linked only where a name is asked for.
#include "same_values.hpp"
#include "surefoot/c/walk.h"
#include "surefoot/walk.hpp"
#include "view.hpp"

using namespace surefoot;
using detail::as_enumerator;

namespace {

[[maybe_unused]] constexpr void prove(EvidenceBit value) noexcept {
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_evidence_return_address_hooked, EvidenceBit::return_address_hooked);
    SUREFOOT_SAME_VALUE(surefoot_evidence_return_entry_in_flight, EvidenceBit::return_entry_in_flight);
    SUREFOOT_SAME_VALUE(surefoot_evidence_changed_stack, EvidenceBit::changed_stack);
    SUREFOOT_SAME_VALUE(surefoot_evidence_crossed_exception, EvidenceBit::crossed_exception);
    SUREFOOT_SAME_VALUE(surefoot_evidence_unknown_interrupted_code, EvidenceBit::unknown_interrupted_code);
    SUREFOOT_SAME_VALUE(surefoot_evidence_in_special_range, EvidenceBit::in_special_range);
    SUREFOOT_SAME_VALUE(surefoot_evidence_not_text, EvidenceBit::not_text);
    SUREFOOT_SAME_VALUE(surefoot_evidence_return_address_unresolved, EvidenceBit::return_address_unresolved);
    SUREFOOT_SAME_VALUE(surefoot_evidence_return_entry_skipped, EvidenceBit::return_entry_skipped);
    SUREFOOT_SAME_VALUE(surefoot_evidence_return_entry_out_of_order, EvidenceBit::return_entry_out_of_order);
    SUREFOOT_SAME_VALUE(surefoot_evidence_return_entry_left_over, EvidenceBit::return_entry_left_over);
    SUREFOOT_SAME_VALUE(surefoot_evidence_return_stack_damaged, EvidenceBit::return_stack_damaged);
    SUREFOOT_SAME_VALUE(surefoot_evidence_saved_pc_differs, EvidenceBit::saved_pc_differs);
    SUREFOOT_SAME_VALUE(surefoot_evidence_special_ranges_refused, EvidenceBit::special_ranges_refused);
    SUREFOOT_SAME_VALUE(surefoot_evidence_special_code_without_rule, EvidenceBit::special_code_without_rule);
    SUREFOOT_SAME_VALUE(surefoot_evidence_return_entry_invalid, EvidenceBit::return_entry_invalid);
    SUREFOOT_SAME_VALUE(surefoot_evidence_interrupted_el0, EvidenceBit::interrupted_el0);
    SUREFOOT_SAME_VALUE(surefoot_evidence_witness_disagrees, EvidenceBit::witness_disagrees);
  }
}

static_assert(surefoot_evidence_bit_count == evidence_bit_count);

[[maybe_unused]] constexpr void prove(StopReason value) noexcept {
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_stop_final_record, StopReason::final_record);
    SUREFOOT_SAME_VALUE(surefoot_stop_no_stack, StopReason::no_stack);
    SUREFOOT_SAME_VALUE(surefoot_stop_truncated, StopReason::truncated);
    SUREFOOT_SAME_VALUE(surefoot_stop_misaligned_record, StopReason::misaligned_record);
    SUREFOOT_SAME_VALUE(surefoot_stop_off_stack, StopReason::off_stack);
    SUREFOOT_SAME_VALUE(surefoot_stop_not_above_previous, StopReason::not_above_previous);
    SUREFOOT_SAME_VALUE(surefoot_stop_stack_reentered, StopReason::stack_reentered);
    SUREFOOT_SAME_VALUE(surefoot_stop_half_zero_record, StopReason::half_zero_record);
    SUREFOOT_SAME_VALUE(surefoot_stop_unknown_metadata, StopReason::unknown_metadata);
    SUREFOOT_SAME_VALUE(surefoot_stop_metadata_off_stack, StopReason::metadata_off_stack);
    SUREFOOT_SAME_VALUE(surefoot_stop_final_record_misplaced, StopReason::final_record_misplaced);
    SUREFOOT_SAME_VALUE(surefoot_stop_exception_frame_off_stack, StopReason::exception_frame_off_stack);
    SUREFOOT_SAME_VALUE(surefoot_stop_unreadable, StopReason::unreadable);
    SUREFOOT_SAME_VALUE(surefoot_stop_task_running, StopReason::task_running);
    SUREFOOT_SAME_VALUE(surefoot_stop_task_moved, StopReason::task_moved);
    SUREFOOT_SAME_VALUE(surefoot_stop_bad_task, StopReason::bad_task);
  }
}

static_assert(surefoot_stop_reason_count == stop_reason_count);

[[maybe_unused]] constexpr void prove(Policy value) noexcept {
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_policy_strict, Policy::strict);
    SUREFOOT_SAME_VALUE(surefoot_policy_exact, Policy::exact);
  }
}

[[maybe_unused]] constexpr void prove(Source value) noexcept {
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_source_start, Source::start);
    SUREFOOT_SAME_VALUE(surefoot_source_frame_record, Source::frame_record);
    SUREFOOT_SAME_VALUE(surefoot_source_exception_frame, Source::exception_frame);
    SUREFOOT_SAME_VALUE(surefoot_source_return_stack, Source::return_stack);
    SUREFOOT_SAME_VALUE(surefoot_source_link_register, Source::link_register);
    SUREFOOT_SAME_VALUE(surefoot_source_x9, Source::x9);
    SUREFOOT_SAME_VALUE(surefoot_source_stack, Source::stack);
    SUREFOOT_SAME_VALUE(surefoot_source_frame_table, Source::frame_table);
  }
}

[[maybe_unused]] constexpr void prove(CodeAddress::Kind value) noexcept {
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_pc_exact, CodeAddress::Kind::exact);
    SUREFOOT_SAME_VALUE(surefoot_pc_return_address, CodeAddress::Kind::return_address);
  }
}

[[maybe_unused]] constexpr void prove(StackKind value) noexcept {
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_stack_task, StackKind::task);
    SUREFOOT_SAME_VALUE(surefoot_stack_irq, StackKind::irq);
    SUREFOOT_SAME_VALUE(surefoot_stack_overflow, StackKind::overflow);
    SUREFOOT_SAME_VALUE(surefoot_stack_exception, StackKind::exception);
    SUREFOOT_SAME_VALUE(surefoot_stack_other, StackKind::other);
  }
}

[[maybe_unused]] constexpr void prove(RecordTyping value) noexcept {
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_record_typed, RecordTyping::typed);
    SUREFOOT_SAME_VALUE(surefoot_record_untyped, RecordTyping::untyped);
  }
}

[[maybe_unused]] constexpr void prove(SpecialKind value) noexcept {
  switch (value) {
    SUREFOOT_SAME_VALUE(0, SpecialKind::none);
    SUREFOOT_SAME_VALUE(SUREFOOT_SPECIAL_EXCEPTION_ENTRY, SpecialKind::exception_entry);
    SUREFOOT_SAME_VALUE(SUREFOOT_SPECIAL_FTRACE_CALL, SpecialKind::ftrace_call);
    SUREFOOT_SAME_VALUE(SUREFOOT_SPECIAL_FTRACE_GRAPH_CALLER, SpecialKind::ftrace_graph_caller);
    SUREFOOT_SAME_VALUE(SUREFOOT_SPECIAL_RETURN_TO_HANDLER, SpecialKind::return_to_handler);
    SUREFOOT_SAME_VALUE(SUREFOOT_SPECIAL_FTRACE_TRAMPOLINE, SpecialKind::ftrace_trampoline);
    SUREFOOT_SAME_VALUE(SUREFOOT_SPECIAL_RETURN_HOOK, SpecialKind::return_hook);
    SUREFOOT_SAME_VALUE(SUREFOOT_SPECIAL_VENEER, SpecialKind::veneer);
    SUREFOOT_SAME_VALUE(SUREFOOT_SPECIAL_OTHER, SpecialKind::other);
    SUREFOOT_SAME_VALUE(SUREFOOT_SPECIAL_CALL_WITHOUT_RECORD, SpecialKind::call_without_record);
  }
}

}  // namespace

const char* surefoot_evidence_name(std::uint32_t bit) { return to_string(static_cast<EvidenceBit>(bit)); }
const char* surefoot_stop_name(std::uint32_t stop) { return to_string(as_enumerator<StopReason>(stop)); }
const char* surefoot_policy_name(std::uint32_t policy) { return to_string(as_enumerator<Policy>(policy)); }
const char* surefoot_reliability_name(bool is_reliable) { return to_string(static_cast<Reliability>(is_reliable)); }
const char* surefoot_source_name(std::uint32_t source) { return to_string(as_enumerator<Source>(source)); }
const char* surefoot_pc_kind_name(std::uint32_t kind) { return to_string(as_enumerator<CodeAddress::Kind>(kind)); }
const char* surefoot_stack_kind_name(std::uint32_t kind) { return to_string(as_enumerator<StackKind>(kind)); }
const char* surefoot_record_typing_name(std::uint32_t typing) { return to_string(as_enumerator<RecordTyping>(typing)); }
const char* surefoot_special_name(std::uint32_t kind) { return to_string(as_enumerator<SpecialKind>(kind)); }
