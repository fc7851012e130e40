// SPDX-License-Identifier: MIT
//
// Sets of stacks, from C.
#include "surefoot/stacks.hpp"

#include <bit>

#include "same_values.hpp"
#include "surefoot/c/stacks.h"
#include "view.hpp"

using namespace surefoot;
using detail::store;
using detail::view_as;

SUREFOOT_SAME_BYTES(surefoot_stack_set, StackSet);
// The members of a range are private: the proof is by value.
SUREFOOT_SAME_LAYOUT(surefoot_range, AddressRange);
static_assert(std::bit_cast<surefoot_range>(AddressRange(0x10, 0x30)).start == 0x10);
static_assert(std::bit_cast<surefoot_range>(AddressRange(0x10, 0x30)).size == 0x20);
SUREFOOT_SAME_LAYOUT(surefoot_stack, Stack);
SUREFOOT_SAME_MEMBER(surefoot_stack, range, Stack, range);
SUREFOOT_SAME_MEMBER(surefoot_stack, kind, Stack, kind);
static_assert(surefoot_max_stacks == max_stacks);

bool surefoot_make_stack_set(const surefoot_stack* stacks, std::size_t count, surefoot_stack_set* out,
                             surefoot_error* error) {
  return store(StackSet::make({view_as<const Stack>(stacks), count}), out, error);
}
