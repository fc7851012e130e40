// SPDX-License-Identifier: MIT
#include "cfi/synchronous.hpp"

#include "code/flow.hpp"
#include "code/registers.hpp"

namespace surefoot::tools {
namespace {

// As a call leaves everything. Some compilers say that the return address is signed where it is signed, some behind the
// prologue.
bool is_entry_row(const CfiRow* row) {
  constexpr CfiPlace in_place;
  return row != nullptr && row->has_cfa && row->cfa_register == sp_number && row->cfa_offset == 0 &&
         row->ra == in_place && row->fp == in_place;
}

// Both agree on the entry, and then sp moves and the row does not.
bool misses_prologue(const Image& image, const Cfi& cfi, const Function& function, const FunctionStates& found) {
  for (std::size_t i = 0; i < found.states.size(); ++i) {
    const std::uint64_t pc = function.start + i * 4;
    const State* const state = found.states[i];
    if (!is_entry_row(cfi.find(pc)) || !state || !state->sp().is(Value::Kind::cfa)) return false;
    if (state->sp().number != 0) return true;
    const std::optional<std::uint32_t> word = image.instruction_at(pc);
    const Flow::Kind kind = word ? flow_of(*word, pc).kind : Flow::Kind::stop;
    if (kind != Flow::Kind::next && kind != Flow::Kind::branch) return false;  // a branch may be passed by
  }
  return false;
}

// A return; or a jump to another function, of a function of which CFI says that it is entered by a call.
bool is_end(const Flow& flow, const Cfi& cfi, const Function& function) {
  if (flow.kind == Flow::Kind::function_return) return flow.target_register == lr_number;
  const bool is_way_out = flow.kind == Flow::Kind::jump && !function.contains(flow.target);
  return (is_way_out || flow.kind == Flow::Kind::indirect_jump) && is_entry_row(cfi.find(function.start));
}

// The frame has gone, and the row still has it.
bool misses_epilogue(const Image& image, const Cfi& cfi, const Function& function, const FunctionStates& found) {
  for (std::size_t i = 1; i < found.states.size(); ++i) {
    const State* const state = found.states[i];
    if (!state || !state->is_as_called()) continue;
    const std::uint64_t pc = function.start + i * 4;
    const std::optional<std::uint32_t> word = image.instruction_at(pc);
    const Flow flow = word ? flow_of(*word, pc) : Flow{};
    if (is_end(flow, cfi, function) && compare(state, cfi.find(pc)) == Comparison::differ) return true;
  }
  return false;
}

}  // namespace

bool is_synchronous(const Image& image, const Cfi& cfi, const Function& function, const FunctionStates& found) {
  return misses_prologue(image, cfi, function, found) || misses_epilogue(image, cfi, function, found);
}

}  // namespace surefoot::tools
