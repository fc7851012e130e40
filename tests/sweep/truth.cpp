// SPDX-License-Identifier: MIT
#include "sweep/truth.hpp"

namespace sweep {

void Truth::begin(std::span<const std::uint64_t> outermost_first) noexcept {
  count_ = 0;
  exceptions_ = 0;
  has_arrived_ = false;
  failure_ = nullptr;
  for (const std::uint64_t address : outermost_first) push(address);
  start_count_ = count_;
}

void Truth::push(std::uint64_t address) noexcept {
  if (count_ == capacity) return fail("the list of levels is full");
  levels_[count_++] = {.address = address};
}

bool Truth::is_trampoline(std::uint64_t pc) const noexcept {
  for (const std::uint64_t trampoline : trampolines_) {
    if (trampoline == pc) return true;
  }
  return false;
}

bool Truth::take_return(std::uint64_t pc) noexcept {
  // Below what it started with nothing was called: to return there is to leave the stepped code.
  const std::size_t bottom =
      exceptions_ == 0 ? start_count_ : count_at_exception_[exceptions_ - 1] + levels_of_exception;
  if (count_ > bottom && levels_[count_ - 1].may_return_to(pc)) {
    --count_;
    return true;
  }
  // A hook: the trampoline is what returns to the topmost address.
  return is_trampoline(pc);
}

bool Truth::arrive(const surefoot::ExceptionFrame& frame) noexcept {
  if (failure_ != nullptr) return false;
  const std::uint64_t pc = frame.pc;
  if (has_arrived_) {
    bool is_possible = false;
    switch (next_.flow) {
      case Flow::sequential: is_possible = pc == next_.next_pc(); break;
      case Flow::conditional: is_possible = pc == next_.next_pc() || pc == next_.target; break;
      case Flow::jump: is_possible = pc == next_.target; break;
      case Flow::call:
        is_possible = pc == next_.target;
        push(next_.next_pc());
        break;
      case Flow::ret: is_possible = pc == next_.target && take_return(pc); break;
      case Flow::unknown: break;
    }
    if (!is_possible) fail(next_.flow == Flow::ret ? "a return to another address" : "a step to another address");
    last_ = next_;
  } else {
    last_ = {};
  }
  has_arrived_ = true;
  if (failure_ == nullptr) next_ = decode(word_at(pc), frame);
  return failure_ == nullptr;
}

void Truth::enter_exception(std::uint64_t interrupted, std::uint64_t path, std::uint64_t dispatcher) noexcept {
  if (exceptions_ == max_exceptions) return fail("too many exceptions at once");
  if (!has_arrived_ || next_.pc != interrupted) fail("an exception at another instruction than the next one");
  count_at_exception_[exceptions_] = count_;
  next_at_exception_[exceptions_] = next_;
  interrupted_[exceptions_] = interrupted;
  ++exceptions_;
  push(interrupted);
  push(path);
  push(dispatcher);
  has_arrived_ = false;
}

void Truth::leave_exception() noexcept {
  if (exceptions_ == 0) return fail("the end of an exception that did not begin");
  --exceptions_;
  if (count_ != count_at_exception_[exceptions_] + levels_of_exception) fail("a handler that ends in a call");
  count_ = count_at_exception_[exceptions_];
  next_ = next_at_exception_[exceptions_];
  has_arrived_ = true;
}

bool Truth::has_redirect_by_pc_only() const noexcept {
  for (const Level& level : levels()) {
    if (level.is_by_pc_only) return true;
  }
  return false;
}

bool Truth::has_undecided_redirect() const noexcept {
  for (const Level& level : levels()) {
    if (level.redirected_to != 0 && !level.is_decided) return true;
  }
  return false;
}

void Truth::begin_redirect(std::uint64_t resume_at, std::uint64_t target, bool is_by_pc_only) noexcept {
  for (std::size_t i = count_; i > 0; --i) {
    if (levels_[i - 1].address != resume_at) continue;
    levels_[i - 1].redirected_to = target;
    levels_[i - 1].is_by_pc_only = is_by_pc_only;
    return;
  }
  fail("a redirection of what control will not return to");
}

void Truth::end_redirect(std::uint64_t target) noexcept {
  for (std::size_t i = count_; i > 0; --i) {
    if (levels_[i - 1].redirected_to != target) continue;
    levels_[i - 1].is_decided = true;
    return;
  }
  fail("the end of a redirection that did not begin");
}

}  // namespace sweep
