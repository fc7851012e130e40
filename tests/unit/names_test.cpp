// SPDX-License-Identifier: MIT
//
// Every enumerator that a log can show has a name: its own spelling.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "surefoot/surefoot.hpp"

namespace surefoot {
namespace {

// One place that pairs an enumerator with its spelling.
#define SUREFOOT_TEST_NAME(type, name) \
  std::pair { type::name, std::string(#name) }

template <typename Enum>
void expect_names(const std::vector<std::pair<Enum, std::string>>& names) {
  std::set<std::string> seen;
  for (const auto& [value, spelling] : names) {
    EXPECT_EQ(to_string(value), spelling);
    EXPECT_TRUE(seen.insert(to_string(value)).second) << spelling << " is the name of two";
  }
}

TEST(Names, OfEvidenceAreItsSpelling) {
  const std::vector names{
      SUREFOOT_TEST_NAME(EvidenceBit, return_address_hooked),
      SUREFOOT_TEST_NAME(EvidenceBit, return_entry_in_flight),
      SUREFOOT_TEST_NAME(EvidenceBit, changed_stack),
      SUREFOOT_TEST_NAME(EvidenceBit, crossed_exception),
      SUREFOOT_TEST_NAME(EvidenceBit, unknown_interrupted_code),
      SUREFOOT_TEST_NAME(EvidenceBit, in_special_range),
      SUREFOOT_TEST_NAME(EvidenceBit, not_text),
      SUREFOOT_TEST_NAME(EvidenceBit, return_address_unresolved),
      SUREFOOT_TEST_NAME(EvidenceBit, return_entry_skipped),
      SUREFOOT_TEST_NAME(EvidenceBit, return_entry_out_of_order),
      SUREFOOT_TEST_NAME(EvidenceBit, return_entry_left_over),
      SUREFOOT_TEST_NAME(EvidenceBit, return_stack_damaged),
      SUREFOOT_TEST_NAME(EvidenceBit, saved_pc_differs),
      SUREFOOT_TEST_NAME(EvidenceBit, special_ranges_refused),
      SUREFOOT_TEST_NAME(EvidenceBit, special_code_without_rule),
      SUREFOOT_TEST_NAME(EvidenceBit, return_entry_invalid),
      SUREFOOT_TEST_NAME(EvidenceBit, interrupted_el0),
      SUREFOOT_TEST_NAME(EvidenceBit, call_site_disagrees),
      SUREFOOT_TEST_NAME(EvidenceBit, frame_table_disagrees),
      SUREFOOT_TEST_NAME(EvidenceBit, shadow_call_stack_disagrees),
  };
  expect_names(names);
  ASSERT_EQ(names.size(), evidence_bit_count);
  Evidence all;
  for (const auto& [bit, spelling] : names) all |= bit;
  EXPECT_EQ(all.bits(), (std::uint32_t{1} << evidence_bit_count) - 1) << "the bits are not the lowest ones";
}

TEST(Names, OfStopReasonsAreTheirSpelling) {
  const std::vector names{
      SUREFOOT_TEST_NAME(StopReason, final_record),
      SUREFOOT_TEST_NAME(StopReason, no_stack),
      SUREFOOT_TEST_NAME(StopReason, truncated),
      SUREFOOT_TEST_NAME(StopReason, misaligned_record),
      SUREFOOT_TEST_NAME(StopReason, off_stack),
      SUREFOOT_TEST_NAME(StopReason, not_above_previous),
      SUREFOOT_TEST_NAME(StopReason, stack_reentered),
      SUREFOOT_TEST_NAME(StopReason, half_zero_record),
      SUREFOOT_TEST_NAME(StopReason, unknown_metadata),
      SUREFOOT_TEST_NAME(StopReason, metadata_off_stack),
      SUREFOOT_TEST_NAME(StopReason, final_record_misplaced),
      SUREFOOT_TEST_NAME(StopReason, exception_frame_off_stack),
      SUREFOOT_TEST_NAME(StopReason, unreadable),
      SUREFOOT_TEST_NAME(StopReason, task_running),
      SUREFOOT_TEST_NAME(StopReason, task_moved),
      SUREFOOT_TEST_NAME(StopReason, bad_task),
  };
  expect_names(names);
  ASSERT_EQ(names.size(), stop_reason_count);
  for (unsigned i = 0; i < stop_reason_count; ++i) EXPECT_EQ(static_cast<unsigned>(names[i].first), i);
}

TEST(Names, OfSourcesAreTheirSpelling) {
  expect_names<Source>({
      SUREFOOT_TEST_NAME(Source, start),
      SUREFOOT_TEST_NAME(Source, frame_record),
      SUREFOOT_TEST_NAME(Source, exception_frame),
      SUREFOOT_TEST_NAME(Source, return_stack),
      SUREFOOT_TEST_NAME(Source, link_register),
      SUREFOOT_TEST_NAME(Source, x9),
      SUREFOOT_TEST_NAME(Source, stack),
      SUREFOOT_TEST_NAME(Source, frame_table),
  });
}

TEST(Names, OfSpecialKindsAreTheirSpelling) {
  const std::vector names{
      SUREFOOT_TEST_NAME(SpecialKind, none),
      SUREFOOT_TEST_NAME(SpecialKind, exception_entry),
      SUREFOOT_TEST_NAME(SpecialKind, ftrace_call),
      SUREFOOT_TEST_NAME(SpecialKind, ftrace_graph_caller),
      SUREFOOT_TEST_NAME(SpecialKind, return_to_handler),
      SUREFOOT_TEST_NAME(SpecialKind, ftrace_trampoline),
      SUREFOOT_TEST_NAME(SpecialKind, return_hook),
      SUREFOOT_TEST_NAME(SpecialKind, veneer),
      SUREFOOT_TEST_NAME(SpecialKind, other),
      SUREFOOT_TEST_NAME(SpecialKind, call_without_record),
  };
  expect_names(names);
  EXPECT_EQ(names.size(), SUREFOOT_SPECIAL_CALL_WITHOUT_RECORD + 1U);
}

TEST(Names, OfTableErrorsAreTheirSpelling) {
  using Code = SpecialRangesFault;
  expect_names<Code>({
      SUREFOOT_TEST_NAME(Code, empty_table),
      SUREFOOT_TEST_NAME(Code, empty_range),
      SUREFOOT_TEST_NAME(Code, misaligned),
      SUREFOOT_TEST_NAME(Code, unsorted),
      SUREFOOT_TEST_NAME(Code, overlapping),
      SUREFOOT_TEST_NAME(Code, unknown_kind),
      SUREFOOT_TEST_NAME(Code, unknown_rule),
      SUREFOOT_TEST_NAME(Code, nonzero_reserved),
  });
}

TEST(Names, OfFrameTableErrorsAreTheirSpelling) {
  expect_names<FrameTableFault>({
      SUREFOOT_TEST_NAME(FrameTableFault, truncated),
      SUREFOOT_TEST_NAME(FrameTableFault, not_sframe),
      SUREFOOT_TEST_NAME(FrameTableFault, other_byte_order),
      SUREFOOT_TEST_NAME(FrameTableFault, version_1),
      SUREFOOT_TEST_NAME(FrameTableFault, version_2),
      SUREFOOT_TEST_NAME(FrameTableFault, unknown_version),
      SUREFOOT_TEST_NAME(FrameTableFault, unknown_flags),
      SUREFOOT_TEST_NAME(FrameTableFault, other_architecture),
      SUREFOOT_TEST_NAME(FrameTableFault, unsorted),
  });
}

TEST(Names, OfPoliciesAndVerdictsAreTheirSpelling) {
  EXPECT_STREQ(to_string(Policy::strict), "strict");
  EXPECT_STREQ(to_string(Reliability::reliable), "reliable");
  EXPECT_STREQ(to_string(Reliability::unreliable), "unreliable");
}

TEST(Names, OfValuesThatAreNoEnumeratorsAreUnknown) {
  EXPECT_STREQ(to_string(static_cast<StopReason>(stop_reason_count)), "unknown");
  EXPECT_STREQ(to_string(static_cast<EvidenceBit>(0)), "unknown");
  EXPECT_STREQ(to_string(static_cast<EvidenceBit>(3)), "unknown");
  EXPECT_STREQ(to_string(static_cast<Source>(200)), "unknown");
  EXPECT_STREQ(to_string(static_cast<SpecialKind>(200)), "unknown");
  EXPECT_STREQ(to_string(static_cast<SpecialRangesFault>(200)), "unknown");
  EXPECT_STREQ(to_string(static_cast<FrameTableFault>(200)), "unknown");
}

}  // namespace
}  // namespace surefoot
