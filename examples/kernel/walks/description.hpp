// SPDX-License-Identifier: MIT
//
// What this kernel tells a walk: the kernel, described once at boot, and a task, seen from itself or from another.
#pragma once

#include <cstdint>
#include <expected>
#include <span>

#include "arch/exception_frame.hpp"
#include "memory/shadow_call_stacks.hpp"
#include "sched/task.hpp"
#include "surefoot/surefoot.hpp"

namespace kernel::walks {

/// A kernel that is one image to begin with, and the code map that it refers to. Not copied: the parts refer to each
/// other.
class Description {
 public:
  constexpr Description() = default;
  Description(const Description&) = delete;
  Description& operator=(const Description&) = delete;

  /// Checks all of it, and keeps it. `storage` is for the intervals of the code map. False, after a message that names
  /// what is wrong.
  [[nodiscard]] bool make(const surefoot::Region& image, std::span<surefoot::Interval> storage) noexcept;

  [[nodiscard]] const surefoot::Region& image() const noexcept { return image_[0]; }
  /// What make() had checked, or tried to.
  [[nodiscard]] const surefoot::KernelDescription& description() const noexcept { return description_; }
  /// Requires that it was made.
  [[nodiscard]] const surefoot::Kernel& described() const noexcept { return *kernel_; }
  /// Puts another code map in force. Requires that it was made.
  void publish(const surefoot::CodeMap& code) noexcept { kernel_->publish(code); }

 private:
  surefoot::Region image_[1];
  surefoot::CodeMap code_;
  surefoot::KernelDescription description_;
  std::expected<surefoot::Kernel, surefoot::KernelError> kernel_ =
      std::unexpected(surefoot::KernelError{surefoot::KernelFault::missing_code_map});
};

/// The most intervals that the code map of this image needs.
inline constexpr std::size_t most_intervals = 512;

/// Checks the tables that the linker gathered, describes the kernel and the stacks of the CPUs, and holds all of it
/// against the vectors, the tasks and the code (port_check.hpp). Once, after surefoot::ftrace::initialize(). False,
/// after a message for each part that was refused or does not fit: without them no walk is worth anything, and the boot
/// is to end.
[[nodiscard]] bool initialize() noexcept;

/// The description that initialize() made.
[[nodiscard]] const Description& description() noexcept;

/// Puts another code map in force for walks by that description (code_maps.hpp decides when).
void publish(const surefoot::CodeMap& code) noexcept;

/// The present task, with the stacks of this CPU. For a task that may be moved to another one, those are no stacks of
/// its own chain: it is on its own stack. For a walk that starts in the function that calls this.
[[nodiscard]] surefoot::Task here(std::uint64_t shadow_call_stack_end = shadow_call_stack::end()) noexcept;

/// The same for a walk that starts at the frame of the exception that is handled.
[[nodiscard]] surefoot::Task at(const ExceptionFrame& frame) noexcept;

/// A task that is off the CPU: it has its own stack only.
[[nodiscard]] surefoot::Task blocked(const Task& task) noexcept;

}  // namespace kernel::walks
