// SPDX-License-Identifier: MIT
//
// The writing half of the return-stack protocol. return_to_handler in entry-ftrace.S pops in assembly, by the same
// steps, since it must hold the address in its link register by then.
#include "surefoot/return_stack.hpp"

#include "surefoot/config.hpp"

namespace surefoot {

bool ReturnStack::push(const ReturnEntry& entry) noexcept {
  SUREFOOT_CHECK(entry.return_address != 0);
  const std::uint32_t slot = depth_;
  if (slot >= capacity_) {
    // Atomic: an exception may drop a function between our load and store.
    __atomic_fetch_add(&dropped_, 1, __ATOMIC_RELAXED);
    return false;
  }
  // 1. Reserve. The slot is invalid, as all above the depth are; from here on a nested push uses the next one.
  __atomic_store_n(&depth_, slot + 1, __ATOMIC_RELEASE);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  // 2. Fill.
  entries_[slot].function = entry.function;
  entries_[slot].key = entry.key;
  entries_[slot].hook = entry.hook;
  // 3. Publish.
  __atomic_store_n(&entries_[slot].return_address, entry.return_address, __ATOMIC_RELEASE);
  return true;
}

void ReturnStack::pop() noexcept {
  const std::uint32_t depth_now = depth_;
  SUREFOOT_CHECK(depth_now > 0 && depth_now <= capacity_);
  __atomic_store_n(&entries_[depth_now - 1].return_address, 0, __ATOMIC_RELEASE);
  __atomic_store_n(&depth_, depth_now - 1, __ATOMIC_RELEASE);
}

std::uint32_t ReturnStack::drop(const AddressRange& abandoned) noexcept {
  std::uint32_t count = 0;
  for (; depth_ > 0 && depth_ <= capacity_; ++count) {
    const ReturnEntry& entry = entries_[depth_ - 1];
    // A slot that an abandoned push left empty belongs to what is abandoned.
    if (entry.return_address != 0 && !abandoned.contains(entry.key, 1)) break;
    pop();
  }
  return count;
}

const ReturnEntry* ReturnStack::top() const noexcept {
  const std::span<const ReturnEntry> used = entries();
  for (std::size_t i = used.size(); i > 0; --i) {
    if (used[i - 1].load_return_address() != 0) return &used[i - 1];
  }
  return nullptr;
}

}  // namespace surefoot
