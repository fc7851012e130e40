// SPDX-License-Identifier: MIT
//
// Return addresses that were rewritten: which entry of the return stack tells the true one.
#include "surefoot/detail/return_matcher.hpp"

namespace surefoot::detail {
namespace {

// An entry is read while its owner may be interrupted in the middle of writing it: the return address first, since it
// is what makes the rest valid.
std::uint64_t return_address_of(const ReturnEntry& entry) noexcept {
  return __atomic_load_n(&entry.return_address, __ATOMIC_ACQUIRE);
}

}  // namespace

ReturnMatcher::ReturnMatcher(const ReturnStack* stack) noexcept {
  if (stack == nullptr) return;
  entries_ = stack->entries();
  unused_ = entries_.size();
  if (stack->depth() > stack->capacity()) initial_ = EvidenceBit::return_stack_damaged;
}

bool ReturnMatcher::is_hook(std::uint64_t pc, const SpecialRanges& ranges) const noexcept {
  if (ranges.find(pc).is_return_hook_at(pc)) return true;
  // The table knows the hooks; should one be missing from it, the newest entry that is whole names it as well.
  for (std::size_t i = unused_; i > 0; --i) {
    if (return_address_of(entries_[i - 1]) != 0) return entries_[i - 1].hook == pc;
  }
  return false;
}

// The newest valid entry in [from, to) for a record that holds the hook `pc` beside the frame pointer `key`.
std::size_t ReturnMatcher::find(std::size_t from, std::size_t to, std::uint64_t pc, std::uint64_t key) const noexcept {
  for (std::size_t i = to; i > from; --i) {
    const ReturnEntry& entry = entries_[i - 1];
    if (return_address_of(entry) != 0 && entry.key == key && entry.hook == pc) return i - 1;
  }
  return entries_.size();
}

bool ReturnMatcher::has_valid_entry(std::size_t from, std::size_t to) const noexcept {
  for (std::size_t i = from; i < to; ++i) {
    if (return_address_of(entries_[i]) != 0) return true;
  }
  return false;
}

bool ReturnMatcher::has_left_over() const noexcept { return has_valid_entry(0, unused_); }

ReturnMatcher::Restored ReturnMatcher::restore(std::uint64_t pc, std::uint64_t key, const SpecialRanges& ranges,
                                               PointerAuthMask pac) noexcept {
  Evidence evidence;
  // Bounded: each turn but the last uses an entry, and one that was used before cannot be found more often than there
  // are entries.
  for (std::size_t turn = 0; turn <= entries_.size(); ++turn) {
    if (!is_hook(pc, ranges)) break;
    std::size_t found = find(0, unused_, pc, key);
    if (found != entries_.size()) {
      if (has_valid_entry(found + 1, unused_)) evidence |= EvidenceBit::return_entry_skipped;
      unused_ = found;
    } else {
      found = find(unused_, entries_.size(), pc, key);
      if (found == entries_.size()) return {pc, evidence | EvidenceBit::return_address_unresolved};
      evidence |= EvidenceBit::return_entry_out_of_order;
    }
    pc = pac.strip(return_address_of(entries_[found]));
    evidence |= EvidenceBit::return_address_hooked;
    if (turn == entries_.size()) evidence |= EvidenceBit::return_address_unresolved;
  }
  return {pc, evidence};
}

bool ReturnMatcher::use_in_flight(std::uint64_t pc, std::uint64_t key, PointerAuthMask pac) noexcept {
  // The entries of one call have one key. With several, as after two mechanisms, the deepest has the true address.
  for (std::size_t i = unused_; i > 0; --i) {
    const std::uint64_t return_address = return_address_of(entries_[i - 1]);
    if (return_address == 0) continue;
    if (entries_[i - 1].key != key) return false;
    if (pac.strip(return_address) != pc) continue;
    unused_ = i - 1;
    return true;
  }
  return false;
}

}  // namespace surefoot::detail
