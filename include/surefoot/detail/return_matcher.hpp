// SPDX-License-Identifier: MIT
//
// Matches the return addresses of a chain with the entries of its return stack: by key, never by position, and notes
// every sign that the two disagree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/address.hpp"
#include "surefoot/detail/text.hpp"
#include "surefoot/evidence.hpp"
#include "surefoot/return_stack.hpp"
#include "surefoot/special_ranges.hpp"

namespace surefoot::detail {

/// The part of a return stack that a walk has not used yet. Small, since a walk has it on its stack: it does not hold
/// the return stack, which every function takes as its first parameter, may be null, and has to be the same each time.
class ReturnMatcher {
 public:
  /// A return address as it will really be used, and what was noticed on the way to it.
  struct Restored {
    std::uint64_t pc;
    Evidence evidence;
  };

  /// Takes a snapshot of the depth.
  explicit ReturnMatcher(const ReturnStack* stack) noexcept
      : count_(stack != nullptr ? static_cast<std::uint32_t>(stack->entries().size()) : 0), unused_(count_) {}

  /// An exception was crossed. It may have interrupted one push or one pop, whose slot is then not valid.
  void cross_exception() noexcept { ++unexplained_exceptions_; }

  /// Passes all entries that are left, at the end of the chain, and notes those that should not be there.
  [[nodiscard]] Evidence pass_rest(const ReturnStack* stack) noexcept { return pass_to(stack, 0); }

  /// True if the depth of `stack` says that it was overwritten; no entry of it is used then.
  [[nodiscard]] static bool is_damaged(const ReturnStack* stack) noexcept {
    return stack != nullptr && stack->depth() > stack->capacity();
  }

  /// The true return address for `pc`, which was found beside the frame pointer `key`. Several mechanisms may have
  /// rewritten one address, so this goes on until the result is no hook. A hook that is not in `text` is noted.
  [[nodiscard]] Restored restore(const ReturnStack* stack, std::uint64_t pc, std::uint64_t key,
                                 const SpecialRanges& ranges, std::span<const AddressRange> text,
                                 PointerAuthMask pac) noexcept;

  /// Uses up the entries for a return address that is in place although they are there, and notes it if there were any.
  /// Only where a rule says that it may be so: elsewhere the entries would be those of a function that is missing,
  /// which can well have the same caller, if that recurses.
  [[nodiscard]] Evidence use_in_flight(const ReturnStack* stack, std::uint64_t pc, std::uint64_t key,
                                       PointerAuthMask pac) noexcept;

  /// True if the entries that are not used yet, from the newest on, lead from the hook `pc` to `return_address`: all of
  /// the key, each the hook's that the one before was in place of. Of entries that are pushed before their hook is
  /// written, the address is still in place. Uses none up.
  [[nodiscard]] bool does_lead(const ReturnStack* stack, std::uint64_t pc, std::uint64_t key,
                               std::uint64_t return_address, std::span<const AddressRange> text,
                               PointerAuthMask pac) const noexcept;

  /// The newest valid entry that was not used, or null. At the final record it means that a function is missing from
  /// the chain.
  [[nodiscard]] const ReturnEntry* newest(const ReturnStack* stack) const noexcept {
    return newest_below(stack, unused_);
  }

 private:
  // The address that a hook is in place of, 0 if no entry tells.
  struct Replaced {
    std::uint64_t return_address;
    Evidence evidence;
  };
  [[nodiscard]] Evidence pass_to(const ReturnStack* stack, std::uint32_t index) noexcept;
  [[nodiscard]] Replaced use(const ReturnStack* stack, std::uint64_t pc, std::uint64_t key) noexcept;
  [[nodiscard]] static const ReturnEntry* newest_below(const ReturnStack* stack, std::uint32_t index) noexcept;

  std::uint32_t count_;
  std::uint32_t unused_;                      // entries below this index are not used yet
  std::uint32_t unexplained_exceptions_ = 0;  // crossed exceptions that no invalid slot has been put down to
};

// What follows is used once in a walk, and made part of it: see walker_impl.hpp.

// The entries from `index` on are used, or belong to functions that are missing. A slot among them that has no return
// address, and no exception that it could be put down to, was overwritten.
[[gnu::always_inline]] inline Evidence ReturnMatcher::pass_to(const ReturnStack* stack, std::uint32_t index) noexcept {
  Evidence evidence;
  for (; unused_ > index; --unused_) {
    if (stack->slot(unused_ - 1).load_return_address() != 0) continue;
    if (unexplained_exceptions_ == 0) evidence |= EvidenceBit::return_entry_invalid;
    if (unexplained_exceptions_ != 0) --unexplained_exceptions_;
  }
  return evidence;
}

// The newest entry that is not used, of a record that holds the hook `pc` beside the frame pointer `key`; should there
// be none, the newest that is.
[[gnu::always_inline]] inline ReturnMatcher::Replaced ReturnMatcher::use(const ReturnStack* stack, std::uint64_t pc,
                                                                         std::uint64_t key) noexcept {
  Evidence evidence = EvidenceBit::return_address_hooked;
  for (std::uint32_t i = unused_; i > 0; --i) {
    const ReturnEntry& entry = stack->slot(i - 1);
    const std::uint64_t return_address = entry.load_return_address();
    if (return_address == 0) continue;
    if (entry.key == key && entry.hook == pc) {
      evidence |= pass_to(stack, i - 1);
      return {return_address, evidence};
    }
    evidence |= EvidenceBit::return_entry_skipped;
  }
  for (std::uint32_t i = count_; i > unused_; --i) {
    const ReturnEntry& entry = stack->slot(i - 1);
    const std::uint64_t return_address = entry.load_return_address();
    if (return_address != 0 && entry.key == key && entry.hook == pc) {
      return {return_address, EvidenceBit::return_address_hooked | EvidenceBit::return_entry_out_of_order};
    }
  }
  return {0, {}};
}

[[gnu::always_inline]] inline Evidence ReturnMatcher::use_in_flight(const ReturnStack* stack, std::uint64_t pc,
                                                                    std::uint64_t key, PointerAuthMask pac) noexcept {
  // The entries of one call have one key. With several, as after two mechanisms, the deepest has the true address.
  for (std::uint32_t i = unused_; i > 0; --i) {
    const ReturnEntry& entry = stack->slot(i - 1);
    const std::uint64_t return_address = entry.load_return_address();
    if (return_address == 0) continue;
    if (entry.key != key) return {};
    if (pac.strip(return_address) != pc) continue;
    return EvidenceBit::return_entry_in_flight | pass_to(stack, i - 1);
  }
  return {};
}

[[gnu::always_inline]] inline bool ReturnMatcher::does_lead(const ReturnStack* stack, std::uint64_t pc,
                                                            std::uint64_t key, std::uint64_t return_address,
                                                            std::span<const AddressRange> text,
                                                            PointerAuthMask pac) const noexcept {
  for (std::uint32_t i = unused_; i > 0; --i) {
    const ReturnEntry& entry = stack->slot(i - 1);
    const std::uint64_t stored = entry.load_return_address();
    if (stored == 0) continue;
    const std::uint64_t replaced = pac.strip(stored);
    if (entry.key != key || (entry.hook != pc && replaced != pc)) return false;
    if (entry.hook != pc) continue;
    if (!is_text(text, pc)) return false;
    if (replaced == return_address) return true;
    pc = replaced;
  }
  return false;
}

[[gnu::always_inline]] inline ReturnMatcher::Restored ReturnMatcher::restore(const ReturnStack* stack, std::uint64_t pc,
                                                                             std::uint64_t key,
                                                                             const SpecialRanges& ranges,
                                                                             std::span<const AddressRange> text,
                                                                             PointerAuthMask pac) noexcept {
  Evidence evidence;
  // Bounded: each turn but the last uses an entry, and one that was used before cannot be found more often than there
  // are entries.
  for (std::uint32_t turn = 0;; ++turn) {
    // The table knows the hooks; should one be missing from it, the newest entry that is whole names it as well.
    const std::size_t above = ranges.first_above(pc - instruction_size);
    if (above == ranges.size() || !ranges.is_return_hook_at(above, pc)) {
      const ReturnEntry* entry = newest(stack);
      if (entry == nullptr || entry->hook != pc) return {pc, evidence};
    }
    const Replaced replaced = use(stack, pc, key);
    if (replaced.return_address == 0) return {pc, evidence | EvidenceBit::return_address_unresolved};
    evidence |= replaced.evidence;
    // The function returns to the hook first, whatever stands in the entry.
    if (!is_text(text, pc)) evidence |= EvidenceBit::not_text;
    pc = pac.strip(replaced.return_address);
    if (turn == count_) return {pc, evidence | EvidenceBit::return_address_unresolved};
  }
}

}  // namespace surefoot::detail
