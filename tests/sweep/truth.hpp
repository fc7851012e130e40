// SPDX-License-Identifier: MIT
//
// What control will return to, known without looking at a stack: by following every executed instruction. A call adds
// the address behind it; a return takes the topmost away, and has to go there. That check in hindsight is what makes
// the list the truth: no address that it held was anything but the one that control really returned to.
//
// None of the library's walking is in here; of the library it knows what registers look like.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sweep/instruction.hpp"

namespace sweep {

/// An address that control will return to.
struct Level {
  std::uint64_t address = 0;
  /// 0, or the function that a tracer redirects this return to. While `is_decided` is false it may be either.
  std::uint64_t redirected_to = 0;
  bool is_decided = false;
  /// The tracer changes the pc alone, so that the frame record goes on naming the function that will not run.
  bool is_by_pc_only = false;

  [[nodiscard]] constexpr bool may_return_to(std::uint64_t pc) const noexcept {
    if (redirected_to != 0 && pc == redirected_to) return true;
    return pc == address && !is_decided;
  }
  /// True if a trace that has `pc` here is right. A redirected function is shown by its first instruction or, as the
  /// frame record has it, by the next one.
  [[nodiscard]] constexpr bool is_shown_by(std::uint64_t pc) const noexcept {
    return may_return_to(pc) || (redirected_to != 0 && pc == redirected_to + surefoot::instruction_size);
  }
};

class Truth {
 public:
  /// `return_trampolines`: what functions may return to instead, if their return address was hooked. It stays there.
  constexpr explicit Truth(std::span<const std::uint64_t> return_trampolines) noexcept
      : trampolines_(return_trampolines) {}

  /// Starts with what the code returns to from where stepping begins, the outermost first.
  void begin(std::span<const std::uint64_t> outermost_first) noexcept;

  /// Follows the last instruction to this pc. False if that is impossible, see failure().
  [[nodiscard]] bool arrive(const surefoot::ExceptionFrame& frame) noexcept;

  /// True if the list is what it was at begin(). Also checked where an exception ends.
  [[nodiscard]] bool is_back_at_start() const noexcept { return count_ == start_count_ && exceptions_ == 0; }
  [[nodiscard]] const char* failure() const noexcept { return failure_; }
  /// Gives the verdict from outside, if what goes wrong is not in a step.
  void fail(const char* why) noexcept { failure_ = failure_ == nullptr ? why : failure_; }

  /// The levels, the outermost first.
  [[nodiscard]] std::span<const Level> levels() const noexcept { return std::span(levels_).first(count_); }
  /// True if a record on the stack is known to be wrong.
  [[nodiscard]] bool has_redirect_by_pc_only() const noexcept;
  /// True if a tracer is changing where something returns to, and has not said that it is done.
  [[nodiscard]] bool has_undecided_redirect() const noexcept;
  /// The instruction that led to the last arrival. Flow::unknown if it was the first.
  [[nodiscard]] const Instruction& last() const noexcept { return last_; }
  /// The instruction at the last arrival, not yet executed.
  [[nodiscard]] const Instruction& next() const noexcept { return next_; }

  /// The handler of an exception is about to be stepped, too: it returns to `dispatcher` in the C++ code that called
  /// it, which returns to `path` in the exception's assembly, which resumes `interrupted`. Not while it is stepped.
  void enter_exception(std::uint64_t interrupted, std::uint64_t path, std::uint64_t dispatcher) noexcept;
  void leave_exception() noexcept;
  /// The pcs that the exceptions around the present code interrupted.
  [[nodiscard]] std::span<const std::uint64_t> interrupted() const noexcept {
    return std::span(interrupted_).first(exceptions_);
  }

  /// A tracer is about to let `target` run where `resume_at` would have: from here on it may be either.
  void begin_redirect(std::uint64_t resume_at, std::uint64_t target, bool is_by_pc_only) noexcept;
  /// The tracer has done so.
  void end_redirect(std::uint64_t target) noexcept;

 private:
  void push(std::uint64_t address) noexcept;
  [[nodiscard]] bool take_return(std::uint64_t pc) noexcept;
  [[nodiscard]] bool is_trampoline(std::uint64_t pc) const noexcept;

  static constexpr std::size_t capacity = 192;
  static constexpr std::size_t max_exceptions = 4;
  static constexpr std::size_t levels_of_exception = 3;

  std::span<const std::uint64_t> trampolines_;
  std::array<Level, capacity> levels_{};
  std::size_t count_ = 0;
  std::size_t start_count_ = 0;
  std::array<std::uint64_t, max_exceptions> interrupted_{};
  std::array<std::size_t, max_exceptions> count_at_exception_{};
  std::array<Instruction, max_exceptions> next_at_exception_{};
  std::size_t exceptions_ = 0;
  Instruction last_;
  Instruction next_;
  bool has_arrived_ = false;
  const char* failure_ = nullptr;
};

}  // namespace sweep
