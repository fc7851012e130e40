// SPDX-License-Identifier: MIT
//
// Proof that every enumerator and every structure of the C interface is what the C++ one is.
#pragma once

#include <bit>
#include <cstddef>
#include <type_traits>

#include "surefoot/context.hpp"
#include "surefoot/frame.hpp"
#include "surefoot/frame_table.hpp"
#include "surefoot/records.hpp"
#include "surefoot/special_ranges.hpp"
#include "surefoot/start.hpp"
#include "surefoot/surefoot.h"

namespace surefoot::detail {

#define SUREFOOT_SAME(c_prefix, cxx_enum, name) \
  static_assert(static_cast<unsigned>(c_prefix##name) == static_cast<unsigned>(cxx_enum::name))

SUREFOOT_SAME(surefoot_stop_, StopReason, final_record);
SUREFOOT_SAME(surefoot_stop_, StopReason, no_stack);
SUREFOOT_SAME(surefoot_stop_, StopReason, truncated);
SUREFOOT_SAME(surefoot_stop_, StopReason, misaligned_record);
SUREFOOT_SAME(surefoot_stop_, StopReason, off_stack);
SUREFOOT_SAME(surefoot_stop_, StopReason, not_above_previous);
SUREFOOT_SAME(surefoot_stop_, StopReason, stack_reentered);
SUREFOOT_SAME(surefoot_stop_, StopReason, half_zero_record);
SUREFOOT_SAME(surefoot_stop_, StopReason, unknown_metadata);
SUREFOOT_SAME(surefoot_stop_, StopReason, metadata_off_stack);
SUREFOOT_SAME(surefoot_stop_, StopReason, final_record_misplaced);
SUREFOOT_SAME(surefoot_stop_, StopReason, exception_frame_off_stack);
SUREFOOT_SAME(surefoot_stop_, StopReason, unreadable);
SUREFOOT_SAME(surefoot_stop_, StopReason, task_running);
SUREFOOT_SAME(surefoot_stop_, StopReason, task_moved);
SUREFOOT_SAME(surefoot_stop_, StopReason, bad_context);
static_assert(surefoot_stop_bad_context + 1 == stop_reason_count, "a new stop reason is missing from surefoot.h");

SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, return_address_hooked);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, return_entry_in_flight);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, changed_stack);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, crossed_exception);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, unknown_interrupted_code);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, in_special_range);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, not_text);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, return_address_unresolved);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, return_entry_skipped);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, return_entry_out_of_order);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, return_entry_left_over);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, return_stack_damaged);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, saved_pc_differs);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, special_ranges_refused);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, special_code_without_rule);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, return_entry_invalid);
SUREFOOT_SAME(surefoot_evidence_, EvidenceBit, interrupted_el0);
static_assert(surefoot_evidence_interrupted_el0 == 1U << (evidence_bit_count - 1),
              "a new evidence bit is missing from surefoot.h");

SUREFOOT_SAME(surefoot_policy_, Policy, strict);
SUREFOOT_SAME(surefoot_policy_, Policy, exact);
SUREFOOT_SAME(surefoot_source_, Source, start);
SUREFOOT_SAME(surefoot_source_, Source, frame_record);
SUREFOOT_SAME(surefoot_source_, Source, exception_frame);
SUREFOOT_SAME(surefoot_source_, Source, return_stack);
SUREFOOT_SAME(surefoot_source_, Source, link_register);
SUREFOOT_SAME(surefoot_source_, Source, x9);
SUREFOOT_SAME(surefoot_source_, Source, stack);
SUREFOOT_SAME(surefoot_source_, Source, frame_table);
SUREFOOT_SAME(surefoot_frame_table_, FrameTableError, truncated);
SUREFOOT_SAME(surefoot_frame_table_, FrameTableError, not_sframe);
SUREFOOT_SAME(surefoot_frame_table_, FrameTableError, other_byte_order);
SUREFOOT_SAME(surefoot_frame_table_, FrameTableError, version_1);
SUREFOOT_SAME(surefoot_frame_table_, FrameTableError, version_2);
SUREFOOT_SAME(surefoot_frame_table_, FrameTableError, unknown_version);
SUREFOOT_SAME(surefoot_frame_table_, FrameTableError, unknown_flags);
SUREFOOT_SAME(surefoot_frame_table_, FrameTableError, other_architecture);
SUREFOOT_SAME(surefoot_frame_table_, FrameTableError, unsorted);
SUREFOOT_SAME(surefoot_pc_, CodeAddress::Kind, exact);
SUREFOOT_SAME(surefoot_pc_, CodeAddress::Kind, return_address);
SUREFOOT_SAME(surefoot_stack_, StackKind, task);
SUREFOOT_SAME(surefoot_stack_, StackKind, irq);
SUREFOOT_SAME(surefoot_stack_, StackKind, overflow);
SUREFOOT_SAME(surefoot_stack_, StackKind, exception);
SUREFOOT_SAME(surefoot_stack_, StackKind, other);
#undef SUREFOOT_SAME

// Structures that a pointer is passed to. Their members are private, so the proof is by value.
static_assert(sizeof(surefoot_range) == sizeof(AddressRange) && alignof(surefoot_range) == alignof(AddressRange));
static_assert(std::bit_cast<surefoot_range>(AddressRange(0x10, 0x30)).start == 0x10);
static_assert(std::bit_cast<surefoot_range>(AddressRange(0x10, 0x30)).size == 0x20);
static_assert(sizeof(surefoot_stack) == sizeof(Stack) && alignof(surefoot_stack) == alignof(Stack));
static_assert(offsetof(surefoot_stack, range) == offsetof(Stack, range));
static_assert(offsetof(surefoot_stack, kind) == offsetof(Stack, kind) && sizeof(StackKind) == 1);
static_assert(sizeof(surefoot_task_activity) == sizeof(TaskActivity));
static_assert(alignof(surefoot_task_activity) == alignof(TaskActivity));
static_assert(sizeof(surefoot_range_entry) == sizeof(SpecialRangeEntry));
static_assert(alignof(surefoot_range_entry) == alignof(SpecialRangeEntry));
static_assert(offsetof(surefoot_range_entry, end_offset) == offsetof(SpecialRangeEntry, end_offset));
static_assert(offsetof(surefoot_range_entry, kind) == offsetof(SpecialRangeEntry, kind));
static_assert(offsetof(surefoot_range_entry, rule) == offsetof(SpecialRangeEntry, rule));
static_assert(offsetof(surefoot_range_entry, rule_offset) == offsetof(SpecialRangeEntry, rule_offset));
static_assert(offsetof(surefoot_range_entry, registers_offset) == offsetof(SpecialRangeEntry, registers_offset));
static_assert(offsetof(surefoot_range_entry, reserved) == offsetof(SpecialRangeEntry, reserved));
static_assert(sizeof(surefoot_exception_frame) == sizeof(ExceptionFrame));
static_assert(offsetof(surefoot_exception_frame, fp) == offsetof(ExceptionFrame, fp));
static_assert(offsetof(surefoot_exception_frame, sp) == offsetof(ExceptionFrame, sp));
static_assert(offsetof(surefoot_exception_frame, pc) == offsetof(ExceptionFrame, pc));
static_assert(offsetof(surefoot_exception_frame, pstate) == offsetof(ExceptionFrame, pstate));
static_assert(offsetof(surefoot_exception_frame, record) == offsetof(ExceptionFrame, record));
static_assert(sizeof(surefoot_frame) == sizeof(Frame) && alignof(surefoot_frame) == alignof(Frame));
static_assert(offsetof(surefoot_frame, evidence) == offsetof(Frame, evidence) && sizeof(Evidence) == 4);
static_assert(offsetof(surefoot_frame, kind) == offsetof(Frame, kind));
static_assert(offsetof(surefoot_frame, source) == offsetof(Frame, source));
static_assert(offsetof(surefoot_frame, special) == offsetof(Frame, special));
static_assert(sizeof(surefoot_registers) == sizeof(Registers));
static_assert(offsetof(surefoot_registers, fp) == offsetof(Registers, fp));
static_assert(offsetof(surefoot_registers, sp) == offsetof(Registers, sp));
static_assert(offsetof(surefoot_registers, pc) == offsetof(Registers, pc));
static_assert(sizeof(surefoot_special_ranges) == sizeof(SpecialRanges));
static_assert(alignof(surefoot_special_ranges) == alignof(SpecialRanges));
static_assert(std::is_trivially_copyable_v<SpecialRanges>);
static_assert(sizeof(surefoot_frame_table) == sizeof(FrameTable));
static_assert(alignof(surefoot_frame_table) == alignof(FrameTable));
static_assert(std::is_trivially_copyable_v<FrameTable>);

}  // namespace surefoot::detail
