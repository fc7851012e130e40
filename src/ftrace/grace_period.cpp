// SPDX-License-Identifier: MIT
#include "surefoot/ftrace/grace_period.hpp"

#include "epoch.hpp"

namespace surefoot::ftrace {

constinit std::uint64_t detail::epoch = 1;

GracePeriod GracePeriod::begin() noexcept {
  const std::uint64_t next = __atomic_load_n(&detail::epoch, __ATOMIC_RELAXED) + 1;
  // Whoever marks a callback with this number finds unlinked what was unlinked before.
  __atomic_store_n(&detail::epoch, next, __ATOMIC_SEQ_CST);
  return GracePeriod(next);
}

}  // namespace surefoot::ftrace
