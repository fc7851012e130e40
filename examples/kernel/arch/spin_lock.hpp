// SPDX-License-Identifier: MIT
//
// What CPUs exclude each other with. Made of the compiler's atomics, which under -march=armv8-a are pairs of LDAXR and
// STXR.
#pragma once

#include <cstdint>

#include "arch/interrupt_mask.hpp"

namespace kernel {

/// Taken with interrupts masked: a handler that wanted it would wait for what it has interrupted.
class SpinLock {
 public:
  [[nodiscard]] bool try_lock() noexcept { return __atomic_exchange_n(&is_held_, 1, __ATOMIC_ACQUIRE) == 0; }
  void lock() noexcept {
    while (!try_lock()) {
      while (__atomic_load_n(&is_held_, __ATOMIC_RELAXED) != 0) asm volatile("yield");
    }
  }
  void unlock() noexcept { __atomic_store_n(&is_held_, 0, __ATOMIC_RELEASE); }

 private:
  std::uint32_t is_held_ = 0;
};

/// Holds a lock for the length of a scope, with interrupts masked.
class Locked {
 public:
  explicit Locked(SpinLock& lock) noexcept : lock_(lock) { lock_.lock(); }
  ~Locked() { lock_.unlock(); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  InterruptsMasked masked_;  // first: made before the lock is taken, and unmade after it is given back
  SpinLock& lock_;
};

}  // namespace kernel
