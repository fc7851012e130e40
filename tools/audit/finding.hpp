// SPDX-License-Identifier: MIT
//
// What an audit can find. Each kind has an id that does not change between versions, a usual level, and what people
// need to know: why it matters, and what to do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace surefoot::tools {

enum class Level : std::uint8_t {
  note,     ///< worth knowing
  warning,  ///< traces are unreliable or hard to read where they need not be
  error,    ///< a trace can be taken for complete while a function is missing from it or wrong in it
};

/// By level, worst first. The enumerator is the id.
enum class FindingKind : std::uint8_t {
  no_frame_pointers,
  call_before_record,
  function_without_record,
  wrong_record_order,
  return_address_without_call,
  special_ranges_missing,
  special_ranges_not_whole,
  special_ranges_empty_range,
  special_ranges_misaligned,
  special_ranges_unsorted,
  special_ranges_overlapping,
  special_ranges_unknown_kind,
  special_ranges_unknown_rule,
  special_ranges_nonzero_reserved,
  exception_vectors_not_special,
  trampoline_not_special,
  exception_return_not_special,
  frame_table_refused,
  frame_table_wrong,
  calls_table_refused,
  calls_table_wrong,
  frame_table_incomplete,
  call_not_judged,
  ways_not_understood,
  outlined_code,
  special_range_outside_code,
  symbol_without_size,
  code_outside_symbols,
  share_of_instructions_with_rule,
  instructions_without_rule,
  unknown_encodings,
  ends_in_noreturn_call,
  noreturn_call_without_record,
  outermost_function,
  known_call_without_record,
  code_of_the_linker,
  folded_functions,
  frame_table_missing,
};
inline constexpr std::size_t finding_kind_count = static_cast<std::size_t>(FindingKind::frame_table_missing) + 1;

/// What holds for all findings of a kind.
struct KindInfo {
  const char* id;
  Level level;
  const char* why;   ///< why it matters for reliability: one sentence
  const char* mend;  ///< what to do: one sentence
};
[[nodiscard]] const KindInfo& info(FindingKind kind);

struct Finding {
  FindingKind kind = FindingKind::call_before_record;
  Level level = Level::error;
  std::uint64_t address = 0;
  std::string function;     ///< empty if it is in none
  std::uint64_t start = 0;  ///< of the function
  std::string detail;       ///< what is there, as far as the kind does not say it
  std::size_t weight = 0;   ///< of two of a kind the heavier one comes first
};

/// A finding at its kind's usual level.
[[nodiscard]] Finding make_finding(FindingKind kind, std::uint64_t address, std::string detail);

/// Worst level first, then by kind, weight and address.
void sort_findings(std::vector<Finding>& findings);

[[nodiscard]] const char* to_string(Level level);

}  // namespace surefoot::tools
