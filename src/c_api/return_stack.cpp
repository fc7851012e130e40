// SPDX-License-Identifier: MIT
//
// Return stacks, from C.
#include "surefoot/return_stack.hpp"

#include <new>

#include "same_values.hpp"
#include "surefoot/c/return_stack.h"
#include "view.hpp"

using namespace surefoot;
using detail::change_language;
using detail::view_as;

// layout.h says how both are laid out.
SUREFOOT_SAME_LAYOUT(surefoot_return_stack, ReturnStack);
static_assert(std::is_trivially_destructible_v<ReturnStack>);
SUREFOOT_SAME_LAYOUT(surefoot_return_entry, ReturnEntry);
SUREFOOT_SAME_MEMBER(surefoot_return_entry, return_address, ReturnEntry, return_address);
SUREFOOT_SAME_MEMBER(surefoot_return_entry, function, ReturnEntry, function);
SUREFOOT_SAME_MEMBER(surefoot_return_entry, key, ReturnEntry, key);
SUREFOOT_SAME_MEMBER(surefoot_return_entry, hook, ReturnEntry, hook);
static_assert(surefoot_max_return_entries == max_return_entries);

void surefoot_make_return_stack(surefoot_return_entry* storage, std::size_t capacity, surefoot_return_stack* out) {
  new (static_cast<void*>(out)) ReturnStack({view_as<ReturnEntry>(storage), capacity});
  change_language();
}

bool surefoot_return_stack_push(surefoot_return_stack* stack, const surefoot_return_entry* entry) {
  return view_as<ReturnStack>(stack)->push(*view_as<const ReturnEntry>(entry));
}

void surefoot_return_stack_pop(surefoot_return_stack* stack) { view_as<ReturnStack>(stack)->pop(); }

std::uint32_t surefoot_return_stack_drop(surefoot_return_stack* stack, surefoot_range abandoned) {
  // Made anew, and not viewed: a range that wraps round holds nothing.
  return view_as<ReturnStack>(stack)->drop(AddressRange(abandoned.start, abandoned.start + abandoned.size));
}

const surefoot_return_entry* surefoot_return_stack_top(const surefoot_return_stack* stack) {
  return view_as<const surefoot_return_entry>(view_as<const ReturnStack>(stack)->top());
}

std::uint32_t surefoot_return_stack_depth(const surefoot_return_stack* stack) {
  return view_as<const ReturnStack>(stack)->depth();
}

std::uint64_t surefoot_return_stack_dropped(const surefoot_return_stack* stack) {
  return view_as<const ReturnStack>(stack)->dropped();
}
