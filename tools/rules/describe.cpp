// SPDX-License-Identifier: MIT
#include "rules/describe.hpp"

#include <fmt/format.h>

namespace surefoot::tools {
namespace {

std::string describe(const Value& value) {
  const char* sign = value.is_signed ? "[s]" : "";
  switch (value.kind) {
    case Value::Kind::cfa: return fmt::format("c{:+}", value.number);
    case Value::Kind::entry_fp: return "fp";
    case Value::Kind::entry_lr: return fmt::format("lr{}", sign);
    case Value::Kind::constant: return fmt::format("{:#x}", static_cast<std::uint64_t>(value.number));
    case Value::Kind::cfa_at_most: return fmt::format("c{:+} or less", value.number);
    case Value::Kind::callers_slot: return fmt::format("[c{:+}]", value.number);
    case Value::Kind::shadow_top: return fmt::format("s{:+}", value.number);
    case Value::Kind::unknown:
    case Value::Kind::opaque:
    case Value::Kind::bounded:
    case Value::Kind::table_entry:
    case Value::Kind::code_target:
    case Value::Kind::code_word:
    case Value::Kind::foreign: return "?";
  }
  return "?";
}

std::string register_name(unsigned number) {
  return number == sp_number ? std::string("sp") : fmt::format("x{}", number);
}

std::string describe(const CfiPlace& place) {
  switch (place.kind) {
    case CfiPlace::Kind::same_value: return "u";
    case CfiPlace::Kind::undefined: return "undefined";
    case CfiPlace::Kind::at_cfa: return fmt::format("[c{:+}]", place.number);
    case CfiPlace::Kind::in_register: return register_name(static_cast<unsigned>(place.number));
    case CfiPlace::Kind::unsupported: return "expression";
  }
  return "expression";
}

bool is_listed(Comparison comparison) {
  return comparison == Comparison::differ || comparison == Comparison::cfi_below_sp;
}

}  // namespace

std::string describe(const State& state) {
  std::string text = fmt::format("sp={} x29={} x30={}", describe(state.sp()), describe(state.x[fp_number]),
                                 describe(state.x[lr_number]));
  for (const Slot& slot : state.slots) {
    if (slot.value.is(Value::Kind::entry_fp) || slot.value.is(Value::Kind::entry_lr)) {
      text += fmt::format(" [c{:+}]={}", slot.offset, describe(slot.value));
    }
  }
  return text;
}

std::string describe(const UnknownEncodings& unknown) {
  return fmt::format("{} instruction{} with bits 31 to 25 = {:#09b}", unknown.count, unknown.count == 1 ? "" : "s",
                     unknown.group);
}

std::string describe(const CfiRow& row) {
  const std::string cfa =
      row.has_cfa ? fmt::format("{}{:+}", register_name(row.cfa_register), row.cfa_offset) : "expression";
  return fmt::format("c={} fp={} ra={}{}", cfa, describe(row.fp), describe(row.ra), row.is_signed ? "[s]" : "");
}

std::vector<Difference> find_differences(const FunctionRules& derived, const Cfi& cfi) {
  std::vector<Difference> differences;
  for (std::size_t i = 0; i < derived.comparisons.size(); ++i) {
    const Comparison comparison = derived.comparisons[i];
    if (!is_listed(comparison)) continue;
    const std::uint64_t pc = derived.address_of(i);
    const CfiRow* row = cfi.find(pc);
    const State* const state = derived.found.states[i];
    Difference difference{.comparison = comparison,
                          .function = derived.function.name,
                          .start = pc,
                          .end = pc + 4,
                          .cfi = row == nullptr ? "none" : describe(*row),
                          .derived = state ? describe(*state) : "none"};
    if (!differences.empty()) {
      Difference& last = differences.back();
      if (last.end == pc && last.comparison == comparison && last.cfi == difference.cfi &&
          last.derived == difference.derived) {
        last.end = pc + 4;
        continue;
      }
    }
    differences.push_back(std::move(difference));
  }
  return differences;
}

}  // namespace surefoot::tools
