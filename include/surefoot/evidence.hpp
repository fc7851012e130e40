// SPDX-License-Identifier: MIT
//
// What a walk noticed on its way. Evidence is neither good nor bad in itself: classify() (verdict.hpp) weighs it.
#pragma once

#include <cstdint>

namespace surefoot {

/// One thing that a walk can notice. The enumerator is also its name in logs (to_string).
enum class EvidenceBit : std::uint32_t {
  /// A return address that tracing had rewritten was restored from the return stack.
  return_address_hooked = 1U << 0,
  /// A return-stack entry was found whose return address is in place, where the rule says that this may be: a tracer is
  /// just about to rewrite it, or a return trampoline has just restored it.
  return_entry_in_flight = 1U << 1,
  /// The chain went from one stack to another.
  changed_stack = 1U << 2,
  /// An exception interrupted the code below here: its pc is exact, and its caller may be in a register only.
  crossed_exception = 1U << 3,
  /// No rule tells the caller of the interrupted code, so the frame record was followed; or exception entry left no
  /// metadata that would tell what it interrupted. The caller may be missing.
  unknown_interrupted_code = 1U << 4,
  /// An address lies in the special-range table: exception entry, a trampoline, a veneer.
  in_special_range = 1U << 5,
  /// An address is in no region of the code map, or is no multiple of 4.
  not_text = 1U << 6,
  /// A return address is a return hook, and no return-stack entry tells the true one.
  return_address_unresolved = 1U << 7,
  /// A return-stack entry was passed over: the function that it belongs to is missing from the trace.
  return_entry_skipped = 1U << 8,
  /// A return-stack entry was used after one that lies deeper: the chain and the return stack disagree on the order.
  return_entry_out_of_order = 1U << 9,
  /// Return-stack entries were left when the final record was reached: at least one function is missing.
  return_entry_left_over = 1U << 10,
  /// The return stack's depth is larger than its capacity: it was overwritten, and is not used.
  return_stack_damaged = 1U << 11,
  /// The registers by which a trampoline will return and its frame records disagree: a tracer changed them.
  saved_pc_differs = 1U << 12,
  /// An address is in a region of which a table of special code (Region::special_ranges, calls_without_record) is not
  /// valid, so it is not known not to be special.
  special_ranges_refused = 1U << 13,
  /// A return address lies in special code, and no rule tells its caller from there. The frame record was followed.
  special_code_without_rule = 1U << 14,
  /// A slot below the return stack's depth is empty, and no exception that was crossed explains it.
  return_entry_invalid = 1U << 15,
  /// A record says that an exception interrupted kernel code, and the saved pstate says EL0.
  interrupted_el0 = 1U << 16,
  /// A witness (Kernel, Witnesses) does not confirm the chain: no call precedes a return address, or one that leads to
  /// another function than the one inside.
  call_site_disagrees = 1U << 17,
  /// The same: a record is not where the frame table says, or the table does not know the code.
  frame_table_disagrees = 1U << 18,
  /// The same: a return address is not on the shadow call stack, or one there is not in the chain.
  shadow_call_stack_disagrees = 1U << 19,
};

/// The number of evidence bits; they are the lowest ones.
inline constexpr unsigned evidence_bit_count = 20;

/// A set of evidence bits.
class Evidence {
 public:
  constexpr Evidence() = default;
  // Implicit on purpose: one bit is a set.
  constexpr Evidence(EvidenceBit bit) noexcept : bits_(static_cast<std::uint32_t>(bit)) {}

  [[nodiscard]] static constexpr Evidence from_bits(std::uint32_t bits) noexcept {
    Evidence evidence;
    evidence.bits_ = bits;
    return evidence;
  }

  [[nodiscard]] constexpr bool has(Evidence any_of) const noexcept { return (bits_ & any_of.bits_) != 0; }
  [[nodiscard]] constexpr bool is_empty() const noexcept { return bits_ == 0; }
  [[nodiscard]] constexpr std::uint32_t bits() const noexcept { return bits_; }

  constexpr Evidence& operator|=(Evidence other) noexcept {
    bits_ |= other.bits_;
    return *this;
  }
  friend constexpr Evidence operator|(Evidence a, Evidence b) noexcept { return a |= b; }
  friend constexpr bool operator==(Evidence, Evidence) = default;

 private:
  std::uint32_t bits_ = 0;
};

constexpr Evidence operator|(EvidenceBit a, EvidenceBit b) noexcept { return Evidence(a) | Evidence(b); }

/// The name of a bit, equal to its spelling here; never null. Any context.
[[nodiscard]] const char* to_string(EvidenceBit bit) noexcept;

}  // namespace surefoot
