// SPDX-License-Identifier: MIT
//
// The kernels and tasks that the walk is measured with: the least of both, and what may be added to them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "surefoot/kernel.hpp"
#include "surefoot/task.hpp"

namespace surefoot::bench {

/// What there is beyond the stack, the text, and a valid table without special ranges.
enum class Extra : std::uint8_t {
  none,
  exact_policy,
  ranges_apart,    ///< 64 special ranges, none of which is between the addresses of the chain
  ranges_between,  ///< 64 special ranges between the functions of the chain: a search at each frame
  return_stack,    ///< one that is empty, as in a task that is not traced at the moment
  pac_mask,
  stacks,  ///< those of the CPU: IRQ, overflow and one more
  text,    ///< three more regions of code
  kernel,  ///< what a kernel with tracing and signed return addresses has: all above but ranges_between and text
  all,     ///< each of the above but the exact policy; the ranges are those between
};

/// A kernel of which this program is the image, this thread as its task, and all that they refer to.
class Surroundings {
 public:
  Surroundings(Extra extra, std::uint64_t final_record_at);
  Surroundings(const Surroundings&) = delete;
  Surroundings& operator=(const Surroundings&) = delete;

  [[nodiscard]] const Kernel& kernel() const { return *kernel_; }
  [[nodiscard]] const Task& task() const { return task_; }

 private:
  std::vector<Region> regions_;
  std::vector<Interval> intervals_;
  CodeMap code_;
  std::optional<Kernel> kernel_;
  std::array<ReturnEntry, 64> return_entries_{};
  ReturnStack return_stack_{return_entries_};
  std::array<const ReturnStack*, 1> return_stacks_{&return_stack_};
  std::array<Stack, 1> task_stacks_;
  std::array<Stack, 3> cpu_stacks_;
  Task task_;
};

/// Ends the program: a benchmark of something else than what was meant is worth nothing.
[[noreturn]] void fail(const char* what);

/// The program's own code.
[[nodiscard]] AddressRange program_text();

}  // namespace surefoot::bench
