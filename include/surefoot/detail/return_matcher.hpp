// SPDX-License-Identifier: MIT
//
// Matches the return addresses of a chain with the entries of its return stack: by key, never by position, and notes
// every sign that the two disagree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/address.hpp"
#include "surefoot/evidence.hpp"
#include "surefoot/return_stack.hpp"
#include "surefoot/special_ranges.hpp"

namespace surefoot::detail {

/// The part of a return stack that a walk has not used yet.
class ReturnMatcher {
 public:
  /// A return address as it will really be used, and what was noticed on the way to it.
  struct Restored {
    std::uint64_t pc;
    Evidence evidence;
  };

  /// `stack` may be null. Takes a snapshot of its depth.
  explicit ReturnMatcher(const ReturnStack* stack) noexcept;

  /// What can be said of the return stack before the walk: return_stack_damaged or nothing.
  [[nodiscard]] Evidence initial_evidence() const noexcept { return initial_; }

  /// The true return address for `pc`, which was found beside the frame pointer `key`. Several mechanisms may have
  /// rewritten one address, so this goes on until the result is no hook.
  [[nodiscard]] Restored restore(std::uint64_t pc, std::uint64_t key, const SpecialRanges& ranges,
                                 PointerAuthMask pac) noexcept;

  /// Uses up the entries for a return address that is in place although they are there; true if there were any. Only
  /// where a rule says that it may be so: elsewhere the entries would be those of a function that is missing, which can
  /// well have the same caller, if that recurses.
  [[nodiscard]] bool use_in_flight(std::uint64_t pc, std::uint64_t key, PointerAuthMask pac) noexcept;

  /// True if a valid entry was not used. At the final record it means that a function is missing from the chain.
  [[nodiscard]] bool has_left_over() const noexcept;

 private:
  [[nodiscard]] bool is_hook(std::uint64_t pc, const SpecialRanges& ranges) const noexcept;
  [[nodiscard]] std::size_t find(std::size_t from, std::size_t to, std::uint64_t pc, std::uint64_t key) const noexcept;
  [[nodiscard]] bool has_valid_entry(std::size_t from, std::size_t to) const noexcept;

  std::span<const ReturnEntry> entries_;
  std::size_t unused_ = 0;  // entries below this index are not used yet
  Evidence initial_;
};

}  // namespace surefoot::detail
