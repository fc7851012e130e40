// SPDX-License-Identifier: MIT
//
// When a CPU's registers were saved. A kernel that panics saves them and goes on, and its tracers with it: return
// addresses that they have rewritten since then are of functions that the registers know nothing of.
#pragma once

#include <cstdint>
#include <vector>

#include "linux/cpus.hpp"
#include "surefoot/address.hpp"
#include "surefoot/kernel.hpp"

namespace surefoot::tools {

struct SavedMoment {
  std::uint64_t fp = 0;
  std::uint64_t sp = 0;
  bool has_record = false;             ///< fp points to the own record of the function that was running
  AddressRange stack{};                ///< the one that sp is in; empty if nobody knows
  std::vector<AddressRange> unused{};  ///< stacks that were not in use

  /// True if a function whose caller has its record here was called afterwards. No frame that was in use is below sp;
  /// and a function that was running, with a record of its own, was not calling.
  [[nodiscard]] bool is_before_call_by(std::uint64_t record) const;
};

/// That of a CPU with registers, on a task with this stack.
[[nodiscard]] SavedMoment saved_moment_of(const LinuxCpu& cpu, const AddressRange& task_stack, const Kernel& kernel);

}  // namespace surefoot::tools
