// SPDX-License-Identifier: MIT
//
// The contexts that the walk is measured with: the strict one, and what a kernel may add to it.
#pragma once

#include <array>
#include <cstdint>

#include "surefoot/context.hpp"

namespace surefoot::bench {

/// What a context holds beyond the stack, the text, and a valid table without special ranges.
enum class Extra : std::uint8_t {
  none,
  exact_policy,
  ranges_apart,    ///< 64 special ranges, none of which is between the addresses of the chain
  ranges_between,  ///< 64 special ranges between the functions of the chain: a search at each frame
  return_stack,    ///< one that is empty, as in a task that is not traced at the moment
  pac_mask,
  stacks,  ///< IRQ, overflow and one more stack, named before the task's
  text,    ///< three more ranges of code, named before the kernel's own
  kernel,  ///< what a kernel with tracing and signed return addresses has: all above but ranges_between and text
  all,     ///< each of the above but the exact policy; the ranges are those between
};

/// A context of this thread, and all that it refers to.
class Surroundings {
 public:
  Surroundings(Extra extra, std::uint64_t final_record_at);
  Surroundings(const Surroundings&) = delete;
  Surroundings& operator=(const Surroundings&) = delete;

  [[nodiscard]] const Context& context() const { return context_; }

 private:
  std::array<ReturnEntry, 64> return_entries_{};
  ReturnStack return_stack_{return_entries_};
  std::array<Stack, 4> stacks_;
  std::array<AddressRange, 4> text_;
  Context context_;
};

/// Ends the program: a benchmark of something else than what was meant is worth nothing.
[[noreturn]] void fail(const char* what);

/// The program's own code.
[[nodiscard]] AddressRange program_text();

}  // namespace surefoot::bench
