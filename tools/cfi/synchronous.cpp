// SPDX-License-Identifier: MIT
#include "cfi/synchronous.hpp"

#include "code/flow.hpp"
#include "code/registers.hpp"

namespace surefoot::tools {
namespace {

bool is_entry_row(const CfiRow& row) {
  constexpr CfiPlace in_place;
  return row.has_cfa && row.cfa_register == sp_number && row.cfa_offset == 0 && row.ra == in_place &&
         row.fp == in_place && !row.is_signed;
}

// Both agree on the entry, and then sp moves and the row does not.
bool misses_prologue(const Image& image, const Cfi& cfi, const Function& function, const FunctionStates& found) {
  const CfiRow* row = cfi.find(function.start);
  if (row == nullptr || !is_entry_row(*row)) return false;
  for (std::size_t i = 0; i < found.states.size(); ++i) {
    const std::uint64_t pc = function.start + i * 4;
    const State* const state = found.states[i];
    if (pc >= row->end || !state || !state->sp().is(Value::Kind::cfa)) return false;
    if (state->sp().number != 0) return true;
    const std::optional<std::uint32_t> word = image.instruction_at(pc);
    const Flow::Kind kind = word ? flow_of(*word, pc).kind : Flow::Kind::stop;
    if (kind != Flow::Kind::next && kind != Flow::Kind::branch) return false;  // a branch may be passed by
  }
  return false;
}

bool misses_epilogue(const Image& image, const Cfi& cfi, const Function& function, const FunctionStates& found) {
  for (std::size_t i = 0; i < found.states.size(); ++i) {
    const State* const state = found.states[i];
    if (!state || !state->is_as_called()) continue;
    const std::uint64_t pc = function.start + i * 4;
    const std::optional<std::uint32_t> word = image.instruction_at(pc);
    const Flow flow = word ? flow_of(*word, pc) : Flow{};
    if (flow.kind != Flow::Kind::function_return || flow.target_register != lr_number) continue;
    if (compare(state, cfi.find(pc)) == Comparison::differ) return true;
  }
  return false;
}

}  // namespace

bool is_synchronous(const Image& image, const Cfi& cfi, const Function& function, const FunctionStates& found) {
  return misses_prologue(image, cfi, function, found) || misses_epilogue(image, cfi, function, found);
}

}  // namespace surefoot::tools
