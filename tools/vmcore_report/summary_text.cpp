// SPDX-License-Identifier: MIT
#include "vmcore_report/summary_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "decode/ink.hpp"
#include "surefoot/explain.hpp"
#include "vmcore_report/safe_name.hpp"

namespace surefoot::tools {
namespace {

constexpr std::size_t listed_functions = 20;

double percent(std::size_t part, std::size_t all) {
  return all == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(all);
}

std::string share(std::size_t part, std::size_t all) { return fmt::format("{} ({:.1f} %)", part, percent(part, all)); }

void append_reason(std::string& text, std::size_t count, const char* name, const char* sentence, bool has_colour) {
  if (count == 0) return;
  fmt::format_to(std::back_inserter(text), "{:>9}  {}: {}\n", count,
                 painted(has_colour ? Ink::yellow : Ink::plain, name), sentence);
}

void append_reasons(std::string& text, const Summary& summary, bool has_colour) {
  for (unsigned i = 0; i < evidence_bit_count; ++i) {
    const auto bit = static_cast<EvidenceBit>(std::uint32_t{1} << i);
    append_reason(text, summary.reasons[i], to_string(bit), to_sentence(bit), has_colour);
  }
  for (unsigned i = 0; i < stop_reason_count; ++i) {
    const auto stop = static_cast<StopReason>(i);
    if (!is_complete(stop)) append_reason(text, summary.stops[i], to_string(stop), to_sentence(stop), has_colour);
  }
}

void append_more(std::string& text, const Summary& summary) {
  const auto out = std::back_inserter(text);
  std::string states;
  for (const auto& [state, count] : summary.states) {
    fmt::format_to(std::back_inserter(states), "{}{} {}", states.empty() ? "" : ", ", safe_name({&state, 1}), count);
  }
  std::string ends;
  for (unsigned i = 0; i < stop_reason_count; ++i) {
    if (summary.stops[i] == 0) continue;
    fmt::format_to(std::back_inserter(ends), "{}{} {}", ends.empty() ? "" : ", ", to_string(static_cast<StopReason>(i)),
                   summary.stops[i]);
  }
  fmt::format_to(out, "{:>9}: {}\n{:>9}: {}\n", "STATES", states, "ENDS", ends);
  if (summary.top.empty()) return;
  fmt::format_to(out, "{:>9}: tasks by the first function below the scheduler\n", "TOP");
  const std::size_t listed = std::min(summary.top.size(), listed_functions);
  for (std::size_t i = 0; i < listed; ++i) {
    fmt::format_to(out, "{:>9}  {}\n", summary.top[i].second, safe_name(summary.top[i].first));
  }
  if (listed < summary.top.size()) fmt::format_to(out, "           and {} more\n", summary.top.size() - listed);
}

}  // namespace

std::string names_of(Evidence evidence, const char* between) {
  std::string names;
  for (const EvidenceBit bit : bits_of(evidence)) {
    if (!names.empty()) names += between;
    names += to_string(bit);
  }
  return names;
}

std::string summary_text(const Summary& summary, bool has_colour, bool is_whole) {
  const auto inked = [&](Ink ink, const std::string& text) { return painted(has_colour ? ink : Ink::plain, text); };
  std::string text =
      fmt::format("{:>9}: {}, reliable {}, unreliable {}\n", "TASKS", summary.tasks,
                  inked(Ink::green, share(summary.reliable, summary.tasks)),
                  inked(summary.unreliable == 0 ? Ink::plain : Ink::red, share(summary.unreliable, summary.tasks)));
  append_reasons(text, summary, has_colour);
  if (is_whole) append_more(text, summary);
  return text;
}

}  // namespace surefoot::tools
