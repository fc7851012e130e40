// SPDX-License-Identifier: MIT
//
// Frame records at calls.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <unordered_set>

#include "audit/checks.hpp"
#include "code/flow.hpp"
#include "code/registers.hpp"
#include "flow/metadata_record.hpp"
#include "surefoot/layout.h"

namespace surefoot::tools {
namespace {

Flow flow_at(const Image& image, std::uint64_t pc) {
  const std::optional<std::uint32_t> word = image.instruction_at(pc);
  return word ? flow_of(*word, pc) : Flow{};
}

// What the callee is called, if the call says.
std::string callee_text(const Image& image, std::uint64_t call) {
  const Flow flow = flow_at(image, call);
  if (flow.kind != Flow::Kind::call) return "a function by its address";
  return name_of(image, flow.target);
}

std::string more_calls(std::size_t count) {
  if (count == 0) return {};
  return fmt::format(" and makes {} more call{}", count, count == 1 ? "" : "s");
}

const State* state_at(const FunctionRules& derived, std::uint64_t address) {
  const std::size_t index = static_cast<std::size_t>(address - derived.function.start) / 4;
  if (index >= derived.found.states.size()) return nullptr;
  return derived.found.states[index];
}

// True if CFI has the record where x29 points, and nothing that is known says otherwise.
bool may_have_record_of(const CfiRow& row, const State& state) {
  const bool is_at_fp = row.has_cfa && row.cfa_register == fp_number && row.fp.kind == CfiPlace::Kind::at_cfa &&
                        row.fp.number == -row.cfa_offset && row.ra.kind == CfiPlace::Kind::at_cfa &&
                        row.ra.number == row.fp.number + SUREFOOT_FRAME_RECORD_OFFSET_LR;
  const auto may_be = [](const Value& value, const Value& said) { return !value.is_known() || value == said; };
  return is_at_fp && may_be(state.x[fp_number], Value::cfa(row.fp.number)) &&
         may_be(state.slot(row.fp.number), {.kind = Value::Kind::entry_fp}) &&
         (state.slot(row.ra.number).is(Value::Kind::entry_lr) || !state.slot(row.ra.number).is_known());
}

std::string record_text(const State* state) {
  if (state == nullptr) return "its frame record is not {x29, x30}";
  const Value& fp = state->x[fp_number];
  if (!fp.is(Value::Kind::cfa)) return "x29 does not point into the function's frame";
  const Value first = state->slot(fp.number + SUREFOOT_FRAME_RECORD_OFFSET_FP);
  const Value second = state->slot(fp.number + SUREFOOT_FRAME_RECORD_OFFSET_LR);
  if (first.is(Value::Kind::entry_lr) && second.is(Value::Kind::entry_fp)) return "its frame record is {x30, x29}";
  if (first.is(Value::Kind::entry_fp)) return "the word after the saved x29 is not the return address";
  if (second.is(Value::Kind::entry_lr)) return "the word before the return address is not the caller's x29";
  return "x29 points at something that is not {x29, x30}";
}

// The calls of a function that are asked for a record.
class Calls {
 public:
  Calls(const RuleDerivation& derivation, const SpecialTable& known, const FunctionRules& derived)
      : derivation_(derivation), known_(known), derived_(derived) {}

  [[nodiscard]] bool is_special(std::uint64_t address) const {
    return derivation_.special().ranges().find(address).is_special();
  }
  [[nodiscard]] bool is_outermost(std::uint64_t address) const {
    const CfiRow* row = derivation_.cfi().find(address);
    return row != nullptr && row->ra.kind == CfiPlace::Kind::undefined;
  }
  [[nodiscard]] bool is_known(std::uint64_t address) const { return known_.ranges().find(address).is_special(); }
  [[nodiscard]] bool is_asked(std::uint64_t address) const {
    return !is_special(address) && !is_known(address) && !is_outermost(address);
  }

  /// In code that the outliner has made, or of such code.
  [[nodiscard]] bool is_of_outlined_code(std::uint64_t call) const {
    return derivation_.calls_outlined(flow_at(call)) || derivation_.is_outlined(derived_.function.start);
  }
  /// False for a call of a function that never returns.
  [[nodiscard]] bool comes_back(std::uint64_t call) const { return derivation_.comes_back(call, flow_at(call)); }
  /// What CFI says of the frame at the call the derivation has neither found nor found to be otherwise.
  [[nodiscard]] bool is_lost(std::uint64_t call, const State* state) const {
    if (derived_.comparisons[(call - derived_.function.start) / 4] == Comparison::cfi_only) return true;
    const CfiRow* const row = derivation_.cfi().find(call);
    return state != nullptr && row != nullptr && may_have_record_of(*row, *state);
  }

  /// All calls of the function.
  [[nodiscard]] std::vector<std::uint64_t> all() const {
    std::vector<std::uint64_t> calls;
    const Function& function = derived_.function;
    for (std::uint64_t pc = function.start; pc < function.end; pc += 4) {
      if (flow_at(pc).is_call()) calls.push_back(pc);
    }
    return calls;
  }

 private:
  [[nodiscard]] Flow flow_at(std::uint64_t pc) const { return tools::flow_at(derivation_.image(), pc); }

  const RuleDerivation& derivation_;
  const SpecialTable& known_;
  const FunctionRules& derived_;
};

}  // namespace

bool check_calls(const RuleDerivation& derivation, const SpecialTable& known, const FunctionRules& derived,
                 Findings& findings) {
  const Image& image = derivation.image();
  const Calls calls(derivation, known, derived);
  const auto add = [&](FindingKind kind, std::uint64_t address, std::string detail) {
    Finding finding = make_finding(kind, address, std::move(detail));
    place(image, finding);
    findings.push_back(std::move(finding));
  };

  std::vector<std::uint64_t> before;
  std::vector<std::uint64_t> outlined;
  std::vector<std::uint64_t> unreturned;
  for (const std::uint64_t call : derived.found.calls_without_record) {
    if (!calls.is_asked(call)) continue;
    if (!calls.comes_back(call)) {
      unreturned.push_back(call);
    } else {
      (calls.is_of_outlined_code(call) ? outlined : before).push_back(call);
    }
  }
  const auto add_all = [&](FindingKind kind, const std::vector<std::uint64_t>& found) {
    if (found.empty()) return;
    const std::uint64_t first = std::ranges::min(found);
    add(kind, first, fmt::format("calls {}{}", callee_text(image, first), more_calls(found.size() - 1)));
  };
  add_all(FindingKind::outlined_code, outlined);
  const std::vector<std::uint64_t> all = calls.all();
  std::vector<std::uint64_t> asked;
  std::ranges::copy_if(all, std::back_inserter(asked), [&](std::uint64_t call) { return calls.is_asked(call); });
  const auto comes_back = [&](std::uint64_t call) { return calls.comes_back(call); };
  const auto returning = static_cast<std::size_t>(std::ranges::count_if(asked, comes_back));
  if (before.size() + outlined.size() == returning) {
    add_all(FindingKind::function_without_record, before);
  } else {
    for (const std::uint64_t call : before) {
      add(FindingKind::call_before_record, call, fmt::format("calls {}", callee_text(image, call)));
    }
  }
  std::vector<std::uint64_t> wrong = derived.found.calls_with_wrong_record;
  std::erase_if(wrong, [&](std::uint64_t call) { return !calls.is_asked(call); });
  if (!wrong.empty()) {
    const std::unordered_set<std::uint64_t> sound = calls_with_metadata_record(image, derived.function);
    std::erase_if(wrong, [&](std::uint64_t call) { return sound.contains(call); });
  }
  std::vector<std::uint64_t> not_judged;
  for (const std::uint64_t call : wrong) {
    const State* const state = state_at(derived, call);
    // Lost is not contradicted.
    if (calls.is_lost(call, state)) {
      not_judged.push_back(call);
    } else if (!calls.comes_back(call)) {
      unreturned.push_back(call);
    } else {
      add(FindingKind::wrong_record_order, call,
          fmt::format("calls {}, and {}", callee_text(image, call), record_text(state)));
    }
  }
  add_all(FindingKind::noreturn_call_without_record, unreturned);
  if (derived.found.ends_in_call) {
    const std::uint64_t call = derived.function.end - 4;
    add(FindingKind::ends_in_noreturn_call, call, fmt::format("calls {}", callee_text(image, call)));
  }
  std::ranges::copy_if(asked, std::back_inserter(not_judged),
                       [&](std::uint64_t call) { return state_at(derived, call) == nullptr; });
  add_all(FindingKind::call_not_judged, not_judged);
  std::vector<std::uint64_t> known_calls;
  std::ranges::copy_if(all, std::back_inserter(known_calls), [&](std::uint64_t call) { return calls.is_known(call); });
  add_all(FindingKind::known_call_without_record, known_calls);
  if (std::ranges::any_of(all, [&](std::uint64_t call) { return calls.is_outermost(call); })) {
    add(FindingKind::outermost_function, derived.function.start, "says that it has no caller, and calls others");
  }
  return returning != 0;
}

}  // namespace surefoot::tools
