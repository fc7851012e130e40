// SPDX-License-Identifier: MIT
//
// Traces of user programs, from C.
#include "surefoot/user_trace.hpp"

#include "same_values.hpp"
#include "surefoot/c/user_trace.h"
#include "view.hpp"

using namespace surefoot;
using detail::name_of;

namespace {

[[maybe_unused]] constexpr void prove(UserStop value) noexcept {
  constexpr unsigned count = surefoot_user_stop_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_user_stop_, UserStop, chain_end);
    SUREFOOT_SAME_VALUE(surefoot_user_stop_, UserStop, truncated);
    SUREFOOT_SAME_VALUE(surefoot_user_stop_, UserStop, misaligned_record);
    SUREFOOT_SAME_VALUE(surefoot_user_stop_, UserStop, off_stack);
    SUREFOOT_SAME_VALUE(surefoot_user_stop_, UserStop, not_above_previous);
    SUREFOOT_SAME_VALUE(surefoot_user_stop_, UserStop, unreadable);
    SUREFOOT_SAME_VALUE(surefoot_user_stop_, UserStop, not_user_code);
  }
}

// One that would wrap round holds nothing.
constexpr AddressRange as_range(const surefoot_range& range) noexcept {
  return {range.start, range.start + range.size};
}

}  // namespace

surefoot_user_trace surefoot_walk_user(const surefoot_user_space* space, const surefoot_user_thread* thread,
                                       std::uint64_t* pcs, std::size_t capacity) {
  ForeignMemory memory;
  static_assert(sizeof memory == sizeof space->memory);
  __builtin_memcpy(static_cast<void*>(&memory), &space->memory, sizeof memory);
  const UserTrace trace = walk_user({.memory = memory,
                                     .addresses = as_range(space->addresses),
                                     .pac = PointerAuthMask(space->pac_bits),
                                     .tags = AddressTagMask(space->tag_bits)},
                                    {thread->pc, thread->fp, thread->sp, as_range(thread->stack)}, {pcs, capacity});
  return {trace.pcs.data(), trace.pcs.size(), trace.stop_at, static_cast<std::uint8_t>(trace.stop)};
}

const char* surefoot_user_stop_name(std::uint32_t stop) { return name_of<UserStop>(stop, surefoot_user_stop_count); }
