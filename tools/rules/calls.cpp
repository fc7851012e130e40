// SPDX-License-Identifier: MIT
#include "rules/calls.hpp"

#include <algorithm>
#include <optional>

#include "code/flow.hpp"
#include "code/registers.hpp"
#include "flow/metadata_record.hpp"

namespace surefoot::tools {
namespace {

// True for CFI that leaves the return address in x30 at a call, which overwrites it: such CFI is wrong, and contradicts
// nothing. Assembly has it where only the start and the end of a function are told.
bool is_refuted_by_call(const CfiRow* row) {
  if (row == nullptr) return false;
  const bool is_in_lr = row->ra.kind == CfiPlace::Kind::in_register && row->ra.number == lr_number;
  return row->ra.kind == CfiPlace::Kind::same_value || is_in_lr;
}

}  // namespace

// True for a call in ordinary code. Also of a function that never returns: a walk that starts there finds it.
bool CallsWithoutRecord::is_asked(std::uint64_t pc) const {
  const std::optional<std::uint32_t> word = derivation_.image().instruction_at(pc);
  if (!word) return false;
  const Flow flow = flow_of(*word, pc);
  if (!flow.is_call()) return false;
  const Function* const function = derivation_.image().find_function(pc);
  if (function != nullptr && calls_nobody(flow, pc, function->end)) return false;
  return !derivation_.special().ranges().find(pc).is_special();
}

void CallsWithoutRecord::note(std::uint64_t call, bool is_known) {
  addresses_.push_back(call);
  if (!is_known) ++not_followed_;
}

void CallsWithoutRecord::add(const FunctionRules& derived) {
  std::optional<std::unordered_set<std::uint64_t>> with_metadata;
  for (std::size_t i = 0; i < derived.rows.rows.size(); ++i) {
    const std::uint64_t pc = derived.address_of(i);
    if (!is_asked(pc)) continue;
    // A state that CFI, or the image's own frame table, contradicts is not known.
    const State* const state = derived.found.states[i];
    const bool is_contradicted =
        derived.comparisons[i] == Comparison::differ && !is_refuted_by_call(derivation_.cfi().find(pc));
    const bool is_known = state && !is_contradicted;
    if (is_known && state->has_record()) continue;
    const std::optional<Row>& row = derived.rows.rows[i];
    if (row && row->where == Row::Where::nowhere) continue;
    const bool is_callers = is_known && state->x[fp_number].is(Value::Kind::entry_fp);
    if (!with_metadata) with_metadata = calls_with_metadata_record(derivation_.image(), derived.function);
    if (is_callers || !with_metadata->contains(pc)) note(pc, is_known);
  }
}

void CallsWithoutRecord::finish() {
  const std::vector<Function>& functions = derivation_.functions();
  auto function = functions.begin();
  for (const Section& section : derivation_.image().sections()) {
    if (!section.is_executable) continue;
    // Of what the file holds: a damaged file may claim any size.
    for (std::size_t offset = 0; offset < section.bytes.size(); offset += 4) {
      const std::uint64_t pc = section.address + offset;
      while (function != functions.end() && function->end <= pc) ++function;
      const bool is_in_function = function != functions.end() && function->contains(pc);
      if (!is_in_function && is_asked(pc)) note(pc, false);
    }
  }
  std::ranges::sort(addresses_);
}

std::vector<AddressRange> CallsWithoutRecord::ranges() const {
  std::vector<AddressRange> ranges;
  for (const std::uint64_t call : addresses_) {
    const bool is_neighbour = !ranges.empty() && ranges.back().end() == call;
    const std::uint64_t start = is_neighbour ? ranges.back().start() : call;
    if (is_neighbour) ranges.pop_back();
    ranges.emplace_back(start, call + instruction_size);
  }
  return ranges;
}

}  // namespace surefoot::tools
