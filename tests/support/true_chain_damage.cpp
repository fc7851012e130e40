// SPDX-License-Identifier: MIT
//
// Damage that leaves a sign. Left out is what no walk of frame records can notice, since nothing in memory contradicts
// it: one valid return address put in place of another, or a record taken out of the chain that nothing else knows of.
#include <algorithm>
#include <utility>

#include "support/code_map.hpp"
#include "support/true_chain.hpp"

namespace surefoot::testing {

void TrueChain::damage() {
  switch (random_.below(6)) {
    case 0: return damage_records();
    case 1: return skip_a_traced_record();
    case 2: return damage_return_stack();
    case 3:
      // The mode of interrupted kernel code becomes EL0.
      if (!pstates_.empty()) word_at(pstates_[random_.below(pstates_.size())]) = random_.one_of({0, 0x3c0, 0x10});
      return;
    case 4: return damage_saved_registers();
    default: return damage_context();
  }
}

// Words of one to three records become what they cannot be.
void TrueChain::damage_records() {
  for (std::size_t count = 1 + random_.below(3); count > 0 && !records_.empty(); --count) {
    const std::size_t index = random_.below(records_.size());
    const std::uint64_t at = records_[index].at;
    if (random_.is_chosen(50)) {
      // An inner record of the same chain, or this one.
      const std::uint64_t inner = records_[index + random_.below(records_.size() - index)].at;
      word_at(at) = random_.one_of({0, random_.word(), word_at(at) + 4, at, inner, ~std::uint64_t{7}, 8, code::ret(3)});
    } else {
      // In the exact policy, special code with a rule is as valid as any other.
      const std::uint64_t special =
          context.policy == Policy::exact ? code::ftrace_tail.start() + 8 : code::after_ftrace_call;
      word_at(at + 8) =
          random_.one_of({0, random_.word(), code::ret(3) + 2, code::text_end + 8, at, code::vectors.start() + 8,
                          special, code::handler + 4, code::handler, code::probe});
    }
  }
}

// A traced function will return elsewhere, or with another frame pointer: that is then the truth.
void TrueChain::damage_saved_registers() {
  if (traced_.empty()) return;
  const Traced& traced = traced_[random_.below(traced_.size())];
  const std::size_t parent = truth.size() - 1 - traced.parent;
  if (random_.is_chosen(50)) {
    const std::uint64_t lr = random_.one_of({code::ret(201), code::probe + 0x10, 1, 0, fp_});
    word_at(traced.registers_at + 8) = lr;
    truth[parent] = lr;
  } else {
    word_at(traced.registers_at) = random_.one_of({0, random_.word(), word_at(traced.registers_at) + 8, fp_});
    truth.resize(parent + 1);
    truth.push_back(0);  // whoever that is
  }
}

// The inner neighbour of a traced function's record leads past it.
void TrueChain::skip_a_traced_record() {
  for (std::size_t i = 0; i < records_.size(); ++i) {
    if (!records_[i].is_traced || !random_.is_chosen(50)) continue;
    const std::uint64_t further_out = i == 0 ? context.final_record_at : records_[random_.below(i)].at;
    if (i + 1 == records_.size()) {
      start.fp = further_out;
    } else {
      word_at(records_[i + 1].at) = further_out;
    }
    return;
  }
}

std::vector<ReturnEntry> TrueChain::entries() const {
  const std::span<const ReturnEntry> all = return_stack_.entries();
  return {all.begin(), all.end()};
}

void TrueChain::replace_entries(const std::vector<ReturnEntry>& entries) {
  while (return_stack_.depth() > 0) return_stack_.pop();
  for (const ReturnEntry& entry : entries) {
    ReturnEntry valid = entry;
    if (entry.return_address == 0) valid.return_address = 1;
    if (return_stack_.push(valid)) storage_[return_stack_.depth() - 1].return_address = entry.return_address;
  }
}

void TrueChain::damage_return_stack() {
  std::vector<ReturnEntry> all = entries();
  if (all.empty()) return;
  const std::size_t index = random_.below(all.size());
  const auto at = all.begin() + static_cast<std::ptrdiff_t>(index);
  switch (random_.below(8)) {
    case 0: all.erase(at); break;
    case 1: std::swap(all[index], all[random_.below(all.size())]); break;
    case 2: at->key = random_.one_of({random_.word(), at->key + 8, records_[random_.below(records_.size())].at}); break;
    case 3:
      at->return_address =
          random_.one_of({random_.word() | 1, code::text_end + 8, code::vectors.start() + 8, code::handler});
      break;
    case 4: all.insert(at, *at); break;
    case 5: at->hook = random_.one_of({random_.word(), code::handler, code::probe}); break;
    case 6: at->return_address = 0; break;
    default:
      all.insert(
          at, {.return_address = random_return_address(), .function = 1, .key = random_.word(), .hook = code::handler});
  }
  replace_entries(all);
}

void TrueChain::damage_context() {
  switch (random_.below(7)) {
    case 0: context.final_record_at += random_.one_of({8, 16, random_.word() & ~std::uint64_t{7}}); return;
    case 1: context.special_ranges = {}; return;
    case 2: context.text = {}; return;
    case 3: buffer_size = random_.below(truth.size()); return;
    case 4: context.return_stack = nullptr; return;
    case 5: context.frame_table = nullptr; return;
    default: {
      // A stack loses its upper end.
      Stack& cut = stacks_[random_.below(stacks_.size())];
      cut.range = AddressRange(cut.range.start(), cut.range.end() - 8 * (1 + random_.below(16)));
    }
  }
}

}  // namespace surefoot::testing
