// SPDX-License-Identifier: MIT
//
// What the kernel knows and a walk cannot find out by itself. A plain aggregate of values and spans: what it refers to
// must stay in place for the length of a walk.
#pragma once

#include <cstdint>
#include <span>

#include "surefoot/address.hpp"
#include "surefoot/frame_table.hpp"
#include "surefoot/patch_sites.hpp"
#include "surefoot/return_stack.hpp"
#include "surefoot/special_ranges.hpp"
#include "surefoot/stacks.hpp"
#include "surefoot/verdict.hpp"

namespace surefoot {

/// The surroundings of one walked task.
struct Context {
  /// Every stack that this task's chain may use, each once, at most max_stacks, disjoint. A walk on the task's own CPU
  /// adds that CPU's IRQ and overflow stacks; a walk of a blocked task does not.
  std::span<const Stack> stacks;
  /// Where code is: kernel text and registered generated code. Nothing else is believed to be a return address.
  std::span<const AddressRange> text;
  /// The special code in it. Left out, every verdict is unreliable; SpecialRanges::none() says that there is none.
  SpecialRanges special_ranges;
  /// The task's return stack; null if nothing ever rewrites return addresses.
  const ReturnStack* return_stack = nullptr;
  /// The address of the task's final record, the only place at which the chain may end; 0 if it has none, and nothing
  /// ends there.
  std::uint64_t final_record_at = 0;
  /// The bits that pointer authentication uses; none by default.
  PointerAuthMask pac;
  Policy policy = Policy::strict;
  /// The patch sites at the entries of functions; none by default. An exception in one then has an exact rule.
  PatchSites patch_sites;
  /// The rules of all other code, for what an exception interrupted; null if there is no frame table.
  const FrameTable* frame_table = nullptr;
};

}  // namespace surefoot
