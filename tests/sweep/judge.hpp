// SPDX-License-Identifier: MIT
//
// Walks at a step, and compares what the walk says with the truth.
#pragma once

#include <cstddef>
#include <span>

#include "surefoot/surefoot.hpp"
#include "sweep/code_map.hpp"
#include "sweep/counts.hpp"
#include "sweep/truth.hpp"

namespace sweep {

/// True if the frames are those of the levels, which begin with the outermost.
[[nodiscard]] bool shows(std::span<const surefoot::Frame> frames, std::span<const Level> levels) noexcept;

/// Judges the steps of one task, and adds to `counts`.
class Judge {
 public:
  Judge(const surefoot::Kernel& described, const surefoot::Task& task, CodeMap& code, Counts& counts) noexcept
      : described_(described), task_(task), code_(code), counts_(counts) {}

  void judge(const surefoot::ExceptionFrame& frame, const Truth& truth) noexcept;

 private:
  struct Outcome {
    bool is_strict_reliable = false;
    bool is_exact_reliable = false;
    std::size_t excepted = excepted_count;  ///< why it need not be exact, if it need not
  };
  /// `from_call`: the trace begins with the topmost level, and not with the interrupted pc.
  Outcome judge_walk(const surefoot::Start& start, bool from_call, const surefoot::ExceptionFrame& frame,
                     const Truth& truth) noexcept;

  const surefoot::Kernel& described_;
  const surefoot::Task task_;
  CodeMap& code_;
  Counts& counts_;
};

}  // namespace sweep
