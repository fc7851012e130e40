// SPDX-License-Identifier: MIT
//
// Which histories there can be at which instruction.
#include "trampoline_case.hpp"

#include <sstream>
#include <string_view>

#include "image.hpp"
#include "surefoot/address.hpp"

namespace surefoot::testing {
namespace {

constexpr Passed all_passed[] = {Passed::plain, Passed::handler, Passed::handler_on_probe, Passed::probe_on_handler};
constexpr Redirect all_redirects[] = {Redirect::none, Redirect::both, Redirect::pc_only, Redirect::lr_only};

// Nothing can be that comes later, and the handler is entered by hooked functions only.
bool can_be(State state, const History& history) {
  if (state >= State::handler_entered) return history.is_graph_hooked && history.redirect == Redirect::none;
  if (state < State::tracers_called) {
    return history.redirect == Redirect::none && !history.is_probed && !history.is_graph_hooked;
  }
  // Once lr is restored, it is where F returns to, and nothing contradicts it.
  if (history.redirect == Redirect::lr_only && state >= State::x29_restored) return false;
  return state >= State::graph_tracer_called || !history.is_graph_hooked;
}

std::vector<History> histories(State state) {
  std::vector<History> result;
  for (const Passed passed : all_passed) {
    for (const Redirect redirect : all_redirects) {
      for (const unsigned bits : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U}) {
        const History history{passed, redirect, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0};
        if (can_be(state, history)) result.push_back(history);
      }
    }
  }
  return result;
}

Entry entry_of(State state) {
  if (state == State::handler_slot_invalid) return Entry::invalid;
  return state == State::handler_popped ? Entry::popped : Entry::valid;
}

void add_interrupted(const Case& row, std::vector<Case>& cases) {
  for (const History& history : histories(row.state)) {
    for (const Seen seen : {Seen::interrupted, Seen::from_handler, Seen::from_handler_on_irq_stack}) {
      Case added = row;
      added.history = history;
      added.seen = seen;
      added.entry = entry_of(row.state);
      cases.push_back(added);
      if (row.state < State::handler_fp_loaded) continue;
      for (const Entry entry : {Entry::valid, Entry::invalid, Entry::popped}) {
        added.entry = entry;
        if (entry != entry_of(row.state)) cases.push_back(added);
      }
    }
  }
}

// What is called may have done its work, or all but the last step of hooking.
void add_called(const Case& row, std::vector<Case>& cases) {
  Case added = row;
  added.seen = Seen::from_callee;
  if (row.state == State::in_frame) added.state = State::tracers_called;
  if (row.state == State::tracers_called) added.state = State::graph_tracer_called;
  for (const History& history : histories(added.state)) {
    added.history = history;
    added.is_hook_written = true;
    cases.push_back(added);
    const bool hooks = added.state == State::tracers_called ? history.is_probed : history.is_graph_hooked;
    if (!hooks || added.is_in_handler()) continue;
    added.is_hook_written = false;
    cases.push_back(added);
  }
}

std::vector<Case> make_cases() {
  std::vector<Case> cases;
  for (const RowsOfSymbol& of_symbol : trampoline_rows()) {
    const std::uint64_t start = Image::under_test().symbol(of_symbol.symbol).address;
    std::uint64_t offset = 0;
    for (const Row& row : of_symbol.rows) {
      const Case of_row{of_symbol.symbol, of_symbol.kind, offset, start + offset, row.state, {}};
      add_interrupted(of_row, cases);
      if (std::string_view(row.instruction) == "bl") add_called(of_row, cases);
      offset += instruction_size;
    }
  }
  return cases;
}

}  // namespace

const std::vector<Case>& all_cases() {
  static const std::vector<Case> cases = make_cases();
  return cases;
}

std::string to_text(const Case& the_case) {
  constexpr const char* passed[] = {"", ", called with the handler", ", with the handler on a probe",
                                    ", with a probe on the handler"};
  constexpr const char* redirect[] = {"", ", redirected", ", pc alone changed", ", lr alone changed"};
  constexpr const char* seen[] = {"", ", from a handler", ", from a handler on the IRQ stack", ", from its callee"};
  constexpr const char* entry[] = {"", ", entry invalid", ", entry popped"};
  const History& history = the_case.history;
  std::ostringstream text;
  text << the_case.symbol << "+0x" << std::hex << the_case.offset << " at 0x" << the_case.pc;
  text << seen[static_cast<unsigned>(the_case.seen)] << passed[static_cast<unsigned>(history.passed)]
       << redirect[static_cast<unsigned>(history.redirect)] << (history.is_probed ? ", probed" : "")
       << (history.is_graph_hooked ? ", hooked" : "") << (history.is_p_hooked ? ", P hooked" : "")
       << entry[static_cast<unsigned>(the_case.entry)] << (the_case.is_hook_written ? "" : ", hook not written");
  return text.str();
}

}  // namespace surefoot::testing
