// SPDX-License-Identifier: MIT
#include "rules/rules.hpp"

#include <algorithm>

#include "cfi/synchronous.hpp"
#include "code/flow.hpp"
#include "code/registers.hpp"
#include "rules/compiler_table.hpp"

namespace surefoot::tools {
namespace {

// CFI by rising address, for the words of one function: no search for each.
class CfiWalk {
 public:
  CfiWalk(const Cfi& cfi, std::uint64_t start) : rows_(cfi.rows()) {
    next_ = static_cast<std::size_t>(std::ranges::upper_bound(rows_, start, {}, &CfiRow::end) - rows_.begin());
  }
  const CfiRow* at(std::uint64_t pc) {
    while (next_ < rows_.size() && rows_[next_].end <= pc) ++next_;
    return next_ < rows_.size() && rows_[next_].start <= pc ? &rows_[next_] : nullptr;
  }

 private:
  const std::vector<CfiRow>& rows_;
  std::size_t next_ = 0;
};

bool is_untouched_entry(const State& state) { return state.is_as_called() && !state.x[lr_number].is_signed; }

// True if CFI says of an instruction that has found everything as a call leaves it that it is not so: the code is
// entered in another way, as that of a dynamic linker is from its stubs, and what was derived is about something else.
bool is_entered_otherwise(const Cfi& cfi, const Function& function, const StateList& states) {
  CfiWalk walk(cfi, function.start);
  for (std::size_t i = 0; i < states.size(); ++i) {
    const CfiRow* row = walk.at(function.start + i * 4);
    if (states[i] == nullptr || !is_untouched_entry(*states[i])) continue;
    if (compare(states[i], row) == Comparison::differ) return true;
  }
  return false;
}

// GCC's epilogues: CFI counts the CFA from x29 as before, where that was right, and x29 has been given back.
bool has_base_restored(const CfiRow& row, const CfiRow* right_row, const State& state) {
  const bool counts_from_fp = row.has_cfa && row.cfa_register == fp_number;
  const bool was_right = right_row != nullptr && right_row->has_cfa && right_row->cfa_register == fp_number &&
                         right_row->cfa_offset == row.cfa_offset;
  return counts_from_fp && was_right && state.x[fp_number].is(Value::Kind::entry_fp);
}

// A register that the instruction is only about to save, in OCaml's prologues and some of clang's: CFI says already
// what holds behind it.
bool is_early(const CfiRow& row, std::uint32_t word, std::uint64_t pc, const State* next) {
  const bool goes_on_to_next = flow_of(word, pc).kind == Flow::Kind::next && pc + 4 < row.end;
  return goes_on_to_next && next != nullptr && compare(next, &row) == Comparison::agree;
}

// Of two opinions on one state.
Comparison both(Comparison with_cfi, Comparison with_table) {
  if (with_cfi == Comparison::differ || with_table == Comparison::differ) return Comparison::differ;
  const bool has_cfi = with_cfi != Comparison::derived_only && with_cfi != Comparison::neither;
  return has_cfi ? with_cfi : with_table;
}

}  // namespace

void Totals::add(const FunctionRules& derived) {
  const auto with_rule = static_cast<std::size_t>(
      std::ranges::count_if(derived.rows.rows, [](const std::optional<Row>& row) { return row.has_value(); }));
  ++functions;
  function_bytes += derived.function.end - derived.function.start;
  special_instructions += derived.special_instructions;
  filling += derived.filling;
  instructions.all += derived.instructions;
  instructions.with_rule += with_rule;
  if (derived.function.has_cfi) {
    ++functions_with_cfi;
    instructions_with_cfi.all += derived.instructions;
    instructions_with_cfi.with_rule += with_rule;
  }
  for (const Comparison comparison : derived.comparisons) ++comparisons[static_cast<std::size_t>(comparison)];
}

std::uint64_t code_bytes(const Image& image) {
  std::uint64_t bytes = 0;
  for (const Section& section : image.sections()) {
    if (section.is_executable) bytes += section.bytes.size();
  }
  return bytes;
}

double percent_covered(const Totals& totals, std::uint64_t code_bytes) {
  if (code_bytes == 0) return 100.0;
  return 100.0 * static_cast<double>(totals.function_bytes) / static_cast<double>(code_bytes);
}

RuleDerivation::RuleDerivation(const Image& image, const Work& work, Declarations declarations)
    : image_(image),
      cfi_(image_),
      special_(image_),
      landing_pads_(find_landing_pads(image_)),
      ways_(read_linux_tables(image_), std::move(declarations)),
      noreturn_(find_noreturn(image_, landing_pads_, ways_)),
      states_(image_, noreturn_, landing_pads_, ways_, cfi_, work) {
  const auto table = find_frame_table(image_);
  if (table) {
    table_ = *table;
  } else {
    table_error_ = table.error();
  }
}

std::vector<FunctionRules> RuleDerivation::derive(const Group& group) const {
  std::vector<FunctionStates> states = states_.derive(group);
  std::vector<FunctionRules> results;
  for (std::size_t i = 0; i < group.size(); ++i) {
    results.push_back(judge(states_.functions()[group[i]], std::move(states[i])));
  }
  return results;
}

bool RuleDerivation::is_outlined(std::uint64_t function) const {
  const Function* const found = image_.find_function(function);
  return states_.is_unbalanced(function) || (found != nullptr && found->name.starts_with("OUTLINED_FUNCTION_"));
}

bool RuleDerivation::calls_outlined(const Flow& flow) const {
  return flow.kind == Flow::Kind::call && is_outlined(flow.target);
}

bool RuleDerivation::comes_back(std::uint64_t call, const Flow& flow) const {
  const bool is_noreturn = flow.kind == Flow::Kind::call && noreturn_.contains(flow.target);
  return !is_noreturn || pad_of(landing_pads_, call).has_value();
}

Comparison RuleDerivation::compare_with_table(const State* state, std::uint64_t pc) const {
  return compare(state, table_ ? table_->find(pc) : Rule{});
}

// Takes from the states what must not go into a table, and makes rows of the rest.
FunctionRules RuleDerivation::judge(const Function& function, FunctionStates found) const {
  FunctionRules derived{.function = function,
                        .found = std::move(found),
                        .rows = {.start = function.start, .end = function.end, .rows = {}, .has_key_b = false},
                        .comparisons = std::vector(function.instruction_count(), Comparison::neither),
                        .is_refuted = std::vector<bool>(function.instruction_count()),
                        .is_ordinary = std::vector<bool>(function.instruction_count())};
  const std::size_t count = function.instruction_count();
  const bool is_cfi_synchronous = is_synchronous(image_, cfi_, function, derived.found);
  if (!is_cfi_synchronous && is_entered_otherwise(cfi_, function, derived.found.states)) {
    derived.found.states.clear();
    derived.found.remarks.push_back({function.start, "CFI says that it is not entered by a call"});
  }
  std::vector<const State*> usable(count);
  std::vector<bool> is_outermost(count);
  CfiWalk cfi(cfi_, function.start);
  const CfiRow* right_row = nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t pc = derived.address_of(i);
    if (special_.is_special_code(pc)) {
      ++derived.special_instructions;
      continue;
    }
    const std::optional<std::uint32_t> word = image_.instruction_at(pc);
    const State* const state = derived.found.states[i];
    if (!word) continue;
    const CfiRow* row = cfi.at(pc);
    Comparison with_cfi = compare(state, row);
    const bool is_described = state != nullptr && with_cfi != Comparison::differ;
    if (!is_described && std::ranges::binary_search(derived.found.filling, pc)) {
      ++derived.filling;
      continue;
    }
    derived.is_ordinary[i] = true;
    ++derived.instructions;
    if (with_cfi == Comparison::differ && is_cfi_synchronous) {
      // A compiler has CFI for its calls. One of a part that its outliner has made came after that.
      const Flow flow = flow_of(*word, pc);
      if (!flow.is_call() || calls_outlined(flow)) with_cfi = Comparison::cfi_synchronous;
    }
    if (with_cfi == Comparison::agree) right_row = row;
    if (with_cfi == Comparison::differ && has_base_restored(*row, right_row, *state)) {
      with_cfi = Comparison::cfi_base_restored;
    }
    const State* const next = i + 1 < count ? derived.found.states[i + 1] : nullptr;
    if (with_cfi == Comparison::differ && is_early(*row, *word, pc, next)) with_cfi = Comparison::cfi_early;
    derived.is_refuted[i] = with_cfi == Comparison::differ;
    derived.comparisons[i] = both(with_cfi, compare_with_table(state, pc));
    // That there is no caller only its author knows.
    is_outermost[i] = row != nullptr && row->ra.kind == CfiPlace::Kind::undefined;
    if (derived.comparisons[i] == Comparison::differ || is_outermost[i]) continue;
    usable[i] = state;
  }
  derived.rows.rows = choose_rows(usable);
  for (std::size_t i = 0; i < count; ++i) {
    if (is_outermost[i]) derived.rows.rows[i] = Row{.where = Row::Where::nowhere};
  }
  return derived;
}

}  // namespace surefoot::tools
