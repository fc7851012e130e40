// SPDX-License-Identifier: MIT
//
// The part of the executor that chooses and follows the rules other than the frame record. Included by walker.hpp; see
// walker_impl.hpp.
#pragma once

#include "surefoot/detail/walker.hpp"

namespace surefoot::detail {

// In code that is not special. What is not known to hold leaves the rule unknown.
template <StackReader R>
[[gnu::always_inline]] inline void Walker<R>::choose_interrupted_rule() noexcept {
  if (context_->patch_sites.contains(pc_)) {
    rule_.pc = From::link_register;
    return;
  }
  rule_.pc = From::nowhere;
  // A table's rules are in terms of a frame that begins at sp. Where sp is on no stack, as after an overflow, or below
  // what was consumed, nothing that a rule says could be checked: none is followed, and the frame pointer decides.
  const bool has_frame = stacks_.is_readable(context_->stacks, sp_, 0);
  if (context_->frame_table != nullptr && has_frame) rule_ = context_->frame_table->find(pc_);
}

// True if the record is to be followed after all: no rule makes a trace shorter than it would be without one.
template <StackReader R>
[[gnu::always_inline]] inline bool Walker<R>::follow_other_rule() noexcept {
  switch (rule_.pc) {
    case From::final_record:
      // A caller that was invented. The record itself is checked like any other.
      if (is_at_final_record()) return true;
      break;
    case From::return_stack: {
      // As if a frame record held the hook, which is where the special range that pc_ is in starts.
      const SpecialRanges& ranges = context_->special_ranges;
      set_next(ranges.start(ranges.first_above(pc_) - 1), CodeAddress::Kind::return_address, Source::return_stack);
      return false;
    }
    default:
      if (follow_slots()) return false;
  }
  // The rule does not hold here, and nothing says that the record does.
  rule_ = {};
  noticed_ |= EvidenceBit::unknown_interrupted_code;
  return true;
}

// pc = lr, x9 or [base + offset]; fp = fp or [base + fp_offset]. False, and nothing is changed, if the rule cannot be
// followed.
template <StackReader R>
[[gnu::always_inline]] inline bool Walker<R>::follow_slots() noexcept {
  std::uint64_t pc = rule_.pc == From::x9 ? x9_ : lr_;
  std::uint64_t fp = fp_;
  const bool is_saved = rule_.pc == From::saved_pair || rule_.pc == From::saved_pc;
  const bool has_pc_slot = is_saved || rule_.pc == From::stack;
  const bool has_fp_slot = rule_.pc == From::saved_pair;
  const bool has_cfa = rule_.base != Base::none;
  const std::uint64_t pc_at = from_base(rule_.offset);
  const std::uint64_t fp_at = from_base(rule_.fp_offset);
  // The caller's sp, below which nothing of it is. Where sp is public it is a multiple of 16 [aapcs64 §6.4.5.1].
  const std::uint64_t cfa = from_base(rule_.cfa_offset);
  if ((has_pc_slot && pc_at % 8 != 0) || (has_fp_slot && fp_at % 8 != 0) || (has_cfa && cfa % 16 != 0)) return false;

  // A wild read, or one below sp or below what was consumed: all has to be on one stack.
  const auto is_all_on = [&](const AddressRange& range) noexcept {
    return (!has_pc_slot || range.contains(pc_at, sizeof pc)) && (!has_fp_slot || range.contains(fp_at, sizeof fp)) &&
           (!has_cfa || range.contains(cfa, 0));
  };
  const StackTracker::Stacks stacks = context_->stacks;
  std::size_t other = stacks.size();
  if (!is_all_on(stacks_.rest(stacks))) {
    // Code that switches stacks: x29 may be on the one that it has left, or that it goes to.
    if (!has_pc_slot || rule_.base != Base::fp) return false;
    other = stacks_.find_not_entered(stacks, pc_at, sizeof pc);
    if (other == stacks.size() || !is_all_on(stacks[other].range)) return false;
  }
  if (has_pc_slot && !reader_.read(pc_at, pc)) return false;
  if (has_fp_slot && !reader_.read(fp_at, fp)) return false;
  // A pair that is half overwritten: no function that returns to something has a caller without a record.
  if (is_saved && (pc == 0 || fp == 0)) return false;

  if (other != stacks.size()) stacks_.go_to(other, stacks[other].range.start(), noticed_);
  if (has_cfa) stacks_.consume_to(cfa);
  fp_ = fp;
  if (is_saved) {
    set_next(pc, CodeAddress::Kind::return_address, Source::frame_table);
    return true;
  }
  if (rule_.pc == From::link_register && rule_.lr == From::nowhere) {
    set_next(pc, CodeAddress::Kind::return_address, Source::link_register);
    return true;
  }
  // A function that a trampoline is about to enter or to leave alone, or traced code on the way to a trampoline: it
  // resumes at pc, and its own return address goes on in a register.
  if (rule_.lr == From::x9) lr_ = x9_;
  is_lr_live_ = rule_.lr != From::nowhere;
  constexpr Source sources[] = {Source::link_register, Source::x9, Source::stack};
  set_next(context_->pac.strip(pc), CodeAddress::Kind::exact,
           sources[static_cast<unsigned>(rule_.pc) - static_cast<unsigned>(From::link_register)]);
  return true;
}

template <StackReader R>
[[gnu::always_inline]] inline std::uint64_t Walker<R>::from_base(std::int32_t offset) const noexcept {
  return (rule_.base == Base::fp ? fp_ : sp_) + static_cast<std::uint64_t>(std::int64_t{offset});
}

}  // namespace surefoot::detail
