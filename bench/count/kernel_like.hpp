// SPDX-License-Identifier: MIT
//
// What the library is told of a made-up kernel and of a chain in it: the one place that makes the library's objects,
// and that calls it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "count/chain.hpp"
#include "count/code.hpp"
#include "count/counter.hpp"
#include "count/special_tables.hpp"
#include "surefoot/profile.hpp"
#include "surefoot/surefoot.hpp"

namespace bench {

/// A kernel, as code.hpp places it. All have a PAC mask.
struct KernelShape {
  RangeCounts ranges = {.image = 64};  ///< and how many modules there are
  std::size_t function_count = 0;      ///< of the image's frame table; 0: it has none
  /// The image's text; other than image_text only where the code is read.
  surefoot::AddressRange text = image_text;
  bool has_outermost = false;  ///< the last function of the table has no caller
  surefoot::Witnesses witnesses = {};
};

/// The task that is walked.
enum class TaskShape : std::uint8_t {
  running,  ///< from here: with the three stacks of its CPU
  blocked,  ///< off the CPU: the task's stack alone
};

/// Describes a kernel to the library. In place until the next one is described. A failure is reported if a piece of it
/// is refused.
void describe(const KernelShape& shape) noexcept;

/// What the library does in describe(), as a call: the same again.
[[nodiscard]] CountedCall describing_again() noexcept;

/// What a walk gets beside the kernel that was described last. In place until the next one is made.
void make_task(const Chain& chain, TaskShape shape = TaskShape::running) noexcept;

/// The call of walk(), of the task that was made last. A result that is returned in memory goes where x8 points; it has
/// no constructor that would be skipped.
[[nodiscard]] CountedCall walking(surefoot::Policy policy, std::span<surefoot::Frame> frames,
                                  surefoot::Trace& trace) noexcept;

/// A call that does the same frame by frame.
[[nodiscard]] CountedCall walking_by_cursor(surefoot::Policy policy, std::span<surefoot::Frame> frames,
                                            surefoot::Trace& trace) noexcept;

/// A call of Sampler::sample() from the same start. Its result is an Outcome.
[[nodiscard]] CountedCall sampling(surefoot::Policy policy, surefoot::profile::Sampler& sampler) noexcept;

/// The call of a search of the code map for what is at `address`. Its result is a SpecialKind.
[[nodiscard]] CountedCall finding_kind(std::uint64_t address) noexcept;

/// The call of a search for the rule of `address` in the image's frame table.
[[nodiscard]] CountedCall finding_rule(std::uint64_t address, surefoot::Rule& rule) noexcept;

/// The address without its pointer authentication code.
[[nodiscard]] std::uint64_t strip(std::uint64_t address) noexcept;

}  // namespace bench
