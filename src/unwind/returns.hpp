// SPDX-License-Identifier: MIT
//
// Rewritten return addresses: finding the entry that a hook stands for. A walk uses each entry once, newest first.
// Entries are matched by key, never by position.
#pragma once

#include "state.hpp"

namespace surefoot::detail {

/// True if any entry is left.
[[nodiscard]] SUREFOOT_INLINE inline bool has_unused(const State& state) noexcept {
  std::uint64_t all = 0;
  static_assert(sizeof all == sizeof state.unused.below);
  __builtin_memcpy(&all, state.unused.below, sizeof all);
  return all != 0;
}

/// The newest valid entry of a return stack that was not used, or null.
SUREFOOT_STEP inline const ReturnEntry* find_newest(const State& state, std::size_t number) noexcept {
  const ReturnStack& stack = *state.task->return_stacks[number];
  for (std::uint32_t index = state.unused.below[number]; index > 0; --index) {
    const ReturnEntry& entry = stack.slot(index - 1);
    if (entry.load_return_address() != 0) return &entry;
  }
  return nullptr;
}

/// True if the newest entry of some return stack says that `pc` is a hook.
[[nodiscard]] SUREFOOT_INLINE inline bool is_newest_hook(const State& state, std::uint64_t pc) noexcept {
  if (!has_unused(state)) return false;
  for (std::size_t number = 0; number < state.task->return_stacks.size(); ++number) {
    const ReturnEntry* const entry = find_newest(state, number);
    if (entry != nullptr && entry->hook == pc) return true;
  }
  return false;
}

/// Uses the entries of a return stack from `index` on. An empty one among them is explained by an exception that
/// interrupted a push or a pop; without that, it was overwritten.
SUREFOOT_STEP inline void use_from(State& state, std::size_t number, std::uint32_t index) noexcept {
  const ReturnStack& stack = *state.task->return_stacks[number];
  for (std::uint32_t i = state.unused.below[number]; i > index; --i) {
    if (stack.slot(i - 1).load_return_address() != 0) continue;
    if (state.exceptions == 0) {
      state.next.noticed |= EvidenceBit::return_entry_invalid;
    } else {
      --state.exceptions;
    }
  }
  state.unused.below[number] = static_cast<std::uint16_t>(index);
}

/// The number of entries, used or not.
[[nodiscard]] SUREFOOT_INLINE inline std::uint32_t count_entries(const State& state) noexcept {
  std::uint32_t count = 0;
  for (const ReturnStack* const stack : state.task->return_stacks) {
    count += static_cast<std::uint32_t>(stack->entries().size());
  }
  return count;
}

/// The entry of the hook next.pc with the key next.fp, or null. Three searches, each in all return stacks: the newest
/// entry that was not used; all that were not used, where the functions of those that are passed over are missing;
/// those that were used, where the chain and the return stack disagree on the order.
[[nodiscard]] SUREFOOT_INLINE inline const ReturnEntry* use_entry(State& state) noexcept {
  enum : unsigned { newest, deeper, used, ways };
  const AddressTagMask tags = state.kernel->tags();
  for (unsigned way = newest; way < ways; ++way) {
    for (std::size_t number = 0; number < state.task->return_stacks.size(); ++number) {
      const ReturnStack& stack = *state.task->return_stacks[number];
      const std::uint32_t unused = state.unused.below[number];
      std::uint32_t index = way == used ? static_cast<std::uint32_t>(stack.entries().size()) : unused;
      for (const std::uint32_t end = way == used ? unused : 0; index > end; --index) {
        const ReturnEntry& entry = stack.slot(index - 1);
        if (entry.load_return_address() == 0) continue;
        if (entry.hook == state.next.pc && tags.strip(entry.key) == state.next.fp) {
          if (way == used) {
            state.next.noticed |= EvidenceBit::return_entry_out_of_order;
            return &entry;
          }
          // Found in the second search, it is not the newest: others were passed over.
          if (way == deeper) state.next.noticed |= EvidenceBit::return_entry_skipped;
          use_from(state, number, index - 1);
          return &entry;
        }
        if (way == newest) break;
      }
    }
  }
  return nullptr;
}

/// Uses up the entries for a return address that is in place although they are there; notes if there were any. Only
/// where a rule says that it may be so: elsewhere the entries would be those of a function that is missing, which can
/// well have the same caller, if that recurses.
SUREFOOT_INLINE inline void use_in_flight(State& state) noexcept {
  const PointerAuthMask pac = state.kernel->pac();
  const AddressTagMask tags = state.kernel->tags();
  for (std::size_t number = 0; number < state.task->return_stacks.size(); ++number) {
    const ReturnStack& stack = *state.task->return_stacks[number];
    // The entries of one call have one key. With several, as after two mechanisms, the deepest has the true address.
    for (std::uint32_t index = state.unused.below[number]; index > 0; --index) {
      const ReturnEntry& entry = stack.slot(index - 1);
      const std::uint64_t return_address = entry.load_return_address();
      if (return_address == 0) continue;
      if (tags.strip(entry.key) != state.next.fp) break;
      if (pac.strip(return_address) != state.next.pc) continue;
      use_from(state, number, index - 1);
      state.next.noticed |= EvidenceBit::return_entry_in_flight;
      return;
    }
  }
}

/// At the end of the chain: the entries that no record answered for.
SUREFOOT_STEP inline void use_rest(State& state) noexcept {
  for (std::size_t number = 0; number < state.task->return_stacks.size(); ++number) {
    if (find_newest(state, number) != nullptr) state.next.noticed |= EvidenceBit::return_entry_left_over;
    use_from(state, number, 0);
  }
  constexpr Evidence missing = EvidenceBit::return_entry_left_over | EvidenceBit::return_entry_invalid;
  if (state.next.noticed.has(missing)) doubt_from(state, state.totals.matched_through);
}

}  // namespace surefoot::detail
