// SPDX-License-Identifier: MIT
//
// The shadow stack of return addresses that function-graph tracing and other return hooks have rewritten. One data
// structure and one protocol, shared by the tracer that pushes, the return trampoline that pops, and the walk.
//
// The protocol, safe against an exception at any instruction on the same CPU:
//   push: reserve a slot by raising the depth, fill it, and store its return address last, which makes it valid.
//   pop:  by the return trampoline, after the link register holds the address again: make the slot invalid, then lower
//         the depth. At no instruction is the address nowhere.
// A slot at or above the depth is always invalid. An exception that pushes in the middle of a push uses the next slot,
// never the half-written one. A walk of another task requires that the task is blocked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/address.hpp"
#include "surefoot/layout.h"

namespace surefoot {

/// One rewritten return address.
struct ReturnEntry {
  /// The address that the hook replaced; 0 while the entry is not valid.
  std::uint64_t return_address = 0;
  /// The entry point of the hooked function.
  std::uint64_t function = 0;
  /// fp at the function's entry: the address of its caller's frame record, hence the value that stands beside the
  /// rewritten return address in the function's own record.
  std::uint64_t key = 0;
  /// The trampoline whose address was put in place of the return address.
  std::uint64_t hook = 0;

  /// The return address of an entry whose owner may be interrupted in the middle of writing it. Read it first: it is
  /// what makes the rest valid.
  [[nodiscard]] std::uint64_t load_return_address() const noexcept {
    return __atomic_load_n(&return_address, __ATOMIC_ACQUIRE);
  }
};
static_assert(offsetof(ReturnEntry, return_address) == SUREFOOT_RETURN_ENTRY_OFFSET_RETURN_ADDRESS);
static_assert(offsetof(ReturnEntry, function) == SUREFOOT_RETURN_ENTRY_OFFSET_FUNCTION);
static_assert(offsetof(ReturnEntry, key) == SUREFOOT_RETURN_ENTRY_OFFSET_KEY);
static_assert(offsetof(ReturnEntry, hook) == SUREFOOT_RETURN_ENTRY_OFFSET_HOOK);
static_assert(sizeof(ReturnEntry) == SUREFOOT_RETURN_ENTRY_SIZE &&
              sizeof(ReturnEntry) == 1 << SUREFOOT_RETURN_ENTRY_SIZE_SHIFT);

/// The most entries that a return stack can have.
inline constexpr std::size_t max_return_entries = 0xffff;

/// A task's return stack, over storage that the kernel gives it. Trivially destructible; not copied, since the tracer
/// and the trampoline work on the one object.
class ReturnStack {
 public:
  /// Requires that the return address of every entry in `storage` is 0, as in fresh storage and in that of an empty
  /// stack. `storage` must outlive the stack; what it has above max_return_entries is not used.
  constexpr explicit ReturnStack(std::span<ReturnEntry> storage) noexcept
      : entries_(storage.data()),
        capacity_(
            static_cast<std::uint32_t>(storage.size() < max_return_entries ? storage.size() : max_return_entries)) {}
  ReturnStack(const ReturnStack&) = delete;
  ReturnStack& operator=(const ReturnStack&) = delete;

  /// Adds an entry. False, and counted, when the stack is full: the caller must then leave the return address alone.
  /// `entry.return_address` is not 0. Called by the owner of the stack only, from any context of its CPU.
  [[nodiscard]] bool push(const ReturnEntry& entry) noexcept;

  /// Removes the newest entry. For hooks that are not left through return_to_handler. Requires depth() > 0.
  void pop() noexcept;

  /// Removes the newest entries as long as their keys lie in `abandoned`, and returns how many those were. For exits
  /// that are not returns: a longjmp into the function whose record is at fp abandons [start of the stack, fp + 1), a
  /// task that is killed or a panic that is recovered from all of its stack. Called by the owner of the stack only.
  std::uint32_t drop(const AddressRange& abandoned) noexcept;

  /// The newest valid entry, or null.
  [[nodiscard]] const ReturnEntry* top() const noexcept;

  /// Slots in use, half-written ones included. May exceed the capacity if memory was overwritten.
  [[nodiscard]] std::uint32_t depth() const noexcept { return __atomic_load_n(&depth_, __ATOMIC_ACQUIRE); }
  [[nodiscard]] std::uint32_t capacity() const noexcept { return capacity_; }
  /// How many functions were left untraced because the stack was full.
  [[nodiscard]] std::uint64_t dropped() const noexcept { return __atomic_load_n(&dropped_, __ATOMIC_RELAXED); }

  /// The slot at `index`, the oldest at 0. Requires index < capacity().
  [[nodiscard]] const ReturnEntry& slot(std::uint32_t index) const noexcept { return entries_[index]; }

  /// The slots in use, oldest first; empty if the depth is damaged. Valid entries have a return address.
  [[nodiscard]] std::span<const ReturnEntry> entries() const noexcept {
    const std::uint32_t depth_now = depth();
    return depth_now <= capacity_ ? std::span<const ReturnEntry>(entries_, depth_now) : std::span<const ReturnEntry>();
  }

 private:
  ReturnEntry* entries_;
  std::uint32_t depth_ = 0;
  std::uint32_t capacity_;
  std::uint64_t dropped_ = 0;

  friend struct ReturnStackLayout;
};

/// Proof that assembly sees the object as layout.h says.
struct ReturnStackLayout {
  static_assert(offsetof(ReturnStack, entries_) == SUREFOOT_RETURN_STACK_OFFSET_ENTRIES);
  static_assert(offsetof(ReturnStack, depth_) == SUREFOOT_RETURN_STACK_OFFSET_DEPTH);
  static_assert(offsetof(ReturnStack, capacity_) == SUREFOOT_RETURN_STACK_OFFSET_CAPACITY);
  static_assert(offsetof(ReturnStack, dropped_) == SUREFOOT_RETURN_STACK_OFFSET_DROPPED);
  static_assert(sizeof(ReturnStack) == SUREFOOT_RETURN_STACK_SIZE);
};

}  // namespace surefoot
