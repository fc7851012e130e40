// SPDX-License-Identifier: MIT
//
// A frame table against the code that it describes. A table of another link looks right by itself; but each of its rows
// says where the caller's sp is, and from one instruction to the next that changes as the instruction changes sp.
#include "instructions.hpp"
#include "port.hpp"

namespace surefoot::detail {
namespace {

// True unless the instruction between two rows contradicts them. A row in terms of x29 tells nothing of sp; nor does
// one behind an instruction that need not lead there.
bool agrees(const Rule& before, std::uint32_t instruction, const Rule& behind) noexcept {
  if (!before.is_known() || !behind.is_known() || before.base != Base::sp) return true;
  const std::int64_t fp_at = fp_above_sp(instruction);
  if (behind.base == Base::fp) return fp_at < 0 || before.cfa_offset == fp_at + behind.cfa_offset;
  const SpChange change = find_sp_change(instruction);
  return behind.base != Base::sp || change.kind != SpChange::Kind::by_constant ||
         before.cfa_offset == behind.cfa_offset + change.by;
}

// The first instruction of the function that contradicts its rows; 0 if none does.
std::uint64_t find_contradiction(const FrameTable& table, const AddressRange& function) noexcept {
  Rule rule = table.find(function.start());
  for (std::uint64_t at = function.start(); at + instruction_size < function.end(); at += instruction_size) {
    const Rule next = table.find(at + instruction_size);
    if (!agrees(rule, read_code(at), next)) return at;
    rule = next;
  }
  return 0;
}

}  // namespace

// Functions outside of the text are no matter: those of code for EL0, or of other regions that share the table.
void check_frame_table(const Port& port, std::size_t index, PortReport& report) noexcept {
  const AddressRange& text = port.regions[index].text;
  const FrameTable& table = port.regions[index].frame_table;
  bool has_own = false;
  for (std::uint32_t i = 0; i < table.function_count(); ++i) {
    const AddressRange function = table.function(i);
    if (!text.overlaps(function)) continue;
    has_own = true;
    const bool is_whole = text.contains(function.start(), function.end() - function.start()) &&
                          (function.start() | function.end()) % instruction_size == 0;
    const std::uint64_t wrong_at = is_whole ? find_contradiction(table, function) : function.start();
    if (wrong_at != 0) return report.add(PortProblem::frame_table_of_other_code, index, wrong_at);
  }
  if (table.function_count() != 0 && !has_own) report.add(PortProblem::frame_table_elsewhere, index, text.start());
}

}  // namespace surefoot::detail
