// SPDX-License-Identifier: MIT
//
// The policy, over every combination of evidence and reason, against a second statement of it.
#include <gtest/gtest.h>

#include <span>
#include <string_view>

#include "surefoot/verdict.hpp"

namespace surefoot {
namespace {

constexpr std::uint32_t combinations = std::uint32_t{1} << evidence_bit_count;

// Stated the other way round than the library states it: what makes a trace doubtful, one by one.
constexpr std::string_view doubtful_in_strict[] = {
    "crossed_exception",         "unknown_interrupted_code",
    "in_special_range",          "not_text",
    "return_address_unresolved", "return_entry_skipped",
    "return_entry_out_of_order", "return_entry_left_over",
    "return_stack_damaged",      "saved_pc_differs",
    "special_ranges_refused",    "return_entry_in_flight",
    "special_code_without_rule", "return_entry_invalid",
    "interrupted_el0",           "call_site_disagrees",
    "frame_table_disagrees",     "shadow_call_stack_disagrees",
};
constexpr std::string_view doubtful_in_exact[] = {
    "unknown_interrupted_code",    "not_text",
    "return_address_unresolved",   "return_entry_skipped",
    "return_entry_out_of_order",   "return_entry_left_over",
    "return_stack_damaged",        "saved_pc_differs",
    "special_ranges_refused",      "special_code_without_rule",
    "return_entry_invalid",        "interrupted_el0",
    "call_site_disagrees",         "frame_table_disagrees",
    "shadow_call_stack_disagrees",
};
constexpr Policy policies[] = {Policy::strict, Policy::exact};
constexpr std::string_view complete[] = {"final_record", "no_stack"};

bool contains(std::span<const std::string_view> names, std::string_view name) {
  for (const std::string_view candidate : names) {
    if (candidate == name) return true;
  }
  return false;
}

std::uint32_t doubtful_bits(Policy policy) {
  const std::span<const std::string_view> doubtful = policy == Policy::strict
                                                         ? std::span<const std::string_view>(doubtful_in_strict)
                                                         : std::span<const std::string_view>(doubtful_in_exact);
  std::uint32_t bits = 0;
  for (unsigned bit = 0; bit < evidence_bit_count; ++bit) {
    const auto value = static_cast<EvidenceBit>(std::uint32_t{1} << bit);
    if (contains(doubtful, to_string(value))) bits |= static_cast<std::uint32_t>(value);
  }
  return bits;
}

TEST(Classify, AgreesWithThePolicyOnEveryCombination) {
  for (const Policy policy : policies) {
    const std::uint32_t doubtful = doubtful_bits(policy);
    for (unsigned stop = 0; stop < stop_reason_count; ++stop) {
      const auto reason = static_cast<StopReason>(stop);
      const bool is_end = contains(complete, to_string(reason));
      for (std::uint32_t bits = 0; bits < combinations; ++bits) {
        const Reliability expected = is_end && (bits & doubtful) == 0 ? Reliability::reliable : Reliability::unreliable;
        ASSERT_EQ(classify(policy, Evidence::from_bits(bits), reason), expected)
            << to_string(policy) << ", " << to_string(reason) << ", evidence bits 0x" << std::hex << bits;
      }
    }
  }
}

TEST(Classify, DoubtsAFrameExactlyWhenItsEvidenceWouldSpoilATrace) {
  for (const Policy policy : policies) {
    for (std::uint32_t bits = 0; bits < combinations; ++bits) {
      const Evidence evidence = Evidence::from_bits(bits);
      const bool is_unreliable = classify(policy, evidence, StopReason::final_record) == Reliability::unreliable;
      ASSERT_EQ(is_doubtful(policy, evidence), is_unreliable) << "evidence bits 0x" << std::hex << bits;
    }
  }
}

TEST(Classify, NeverTrustsEvidenceThatItDoesNotKnow) {
  for (unsigned bit = evidence_bit_count; bit < 32; ++bit) {
    for (const Policy policy : policies) {
      EXPECT_TRUE(is_doubtful(policy, Evidence::from_bits(std::uint32_t{1} << bit))) << "bit " << bit;
    }
  }
}

TEST(Classify, TakesOnlyTwoReasonsForAnEnd) {
  for (unsigned stop = 0; stop < stop_reason_count; ++stop) {
    const auto reason = static_cast<StopReason>(stop);
    EXPECT_EQ(is_complete(reason), contains(complete, to_string(reason))) << to_string(reason);
  }
}

TEST(Classify, CallsReliableUnderExactWhateverIsReliableUnderStrict) {
  for (std::uint32_t bits = 0; bits < combinations; ++bits) {
    const Evidence evidence = Evidence::from_bits(bits);
    if (classify(Policy::strict, evidence, StopReason::final_record) != Reliability::reliable) continue;
    ASSERT_EQ(classify(Policy::exact, evidence, StopReason::final_record), Reliability::reliable);
  }
}

TEST(Classify, CallsAnEmptyVerdictUnreliable) { EXPECT_FALSE(Verdict{}.is_reliable()); }

}  // namespace
}  // namespace surefoot
