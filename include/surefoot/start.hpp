// SPDX-License-Identifier: MIT
//
// Where a walk can start: here, at a blocked task, at an interrupted pc, or nowhere because the task has no stack.
#pragma once

#include <cstddef>
#include <cstdint>

#include "surefoot/config.hpp"
#include "surefoot/layout.h"
#include "surefoot/records.hpp"

namespace surefoot {

/// The registers that a walk from a call needs: those of a function that made a call, with pc as the return address
/// into it. Also what a context switch saves of a task that it takes off the CPU.
struct Registers {
  std::uint64_t fp;
  std::uint64_t sp;
  std::uint64_t pc;
};
static_assert(offsetof(Registers, fp) == SUREFOOT_REGISTERS_OFFSET_FP);
static_assert(offsetof(Registers, sp) == SUREFOOT_REGISTERS_OFFSET_SP);
static_assert(offsetof(Registers, pc) == SUREFOOT_REGISTERS_OFFSET_PC);
static_assert(sizeof(Registers) == SUREFOOT_REGISTERS_SIZE);

#if SUREFOOT_HAS_ASM
/// Stores the caller's fp and sp and the address after the call. Reads no memory, uses no stack; any context.
extern "C" void surefoot_capture(Registers* out) noexcept;
#endif

/// Tells a walk on any CPU whether a task runs, and whether it has run since. The scheduler calls enter_cpu() before it
/// restores the task's registers, and leave_cpu() after it has saved them. One word; starts as blocked.
class TaskActivity {
 public:
  void enter_cpu() noexcept { step(); }
  void leave_cpu() noexcept { step(); }

  [[nodiscard]] std::uint64_t load() const noexcept { return __atomic_load_n(&switches_, __ATOMIC_ACQUIRE); }
  [[nodiscard]] static constexpr bool is_running(std::uint64_t switches) noexcept { return switches % 2 != 0; }

 private:
  // One writer at a time, the scheduler on the CPU that owns the task: a plain increment that is published in order.
  // The fence keeps what a running task writes after enter_cpu() from being seen before it.
  void step() noexcept {
    __atomic_store_n(&switches_, switches_ + 1, __ATOMIC_RELEASE);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
  }

  std::uint64_t switches_ = 0;
};

/// A starting point. Holds references to what it was made from, which must live until the walk has ended.
class Start {
 public:
  enum class Kind : std::uint8_t { call, blocked_task, exception, no_stack };

#if SUREFOOT_HAS_ASM
  /// The function that calls this. The walk must end before that function returns.
  [[nodiscard, gnu::always_inline]] static inline Start here() noexcept {
    Registers registers;
    surefoot_capture(&registers);
    return at_call(registers);
  }
#endif
  /// A function that made a call and has not returned; pc is the return address into it.
  [[nodiscard]] static constexpr Start at_call(const Registers& registers) noexcept {
    Start start(Kind::call);
    start.registers_ = registers;
    return start;
  }
  /// A task that is off the CPU. `saved` and `activity` are read when the walk begins, and `activity` again when it
  /// ends: a task that runs is refused, and one that ran in between makes the trace unreliable.
  [[nodiscard]] static constexpr Start blocked_task(const Registers& saved, const TaskActivity& activity) noexcept {
    Start start(Kind::blocked_task);
    start.saved_ = &saved;
    start.activity_ = &activity;
    return start;
  }
  /// The code that an exception interrupted. The frame's own record tells whose code that was: one of type exception
  /// stands for kernel code; one that is the task's final record, as after an exception from EL0 or a guest's exit,
  /// makes the trace empty.
  [[nodiscard]] static Start exception(const ExceptionFrame& frame) noexcept {
    Start start(Kind::exception);
    start.frame_at_ = reinterpret_cast<std::uintptr_t>(&frame);
    start.is_frame_local_ = true;
    return start;
  }
  /// The same for a frame at an address of the task's memory, laid out as the kernel's description says. Where records
  /// are untyped, the saved pstate tells whose code was interrupted.
  [[nodiscard]] static constexpr Start exception_at(std::uint64_t frame_at) noexcept {
    Start start(Kind::exception);
    start.frame_at_ = frame_at;
    return start;
  }
  /// A task that has exited and given its stack back.
  [[nodiscard]] static constexpr Start no_stack() noexcept { return Start(Kind::no_stack); }

  [[nodiscard]] constexpr Kind kind() const noexcept { return kind_; }
  [[nodiscard]] constexpr const Registers& registers() const noexcept {
    return saved_ != nullptr ? *saved_ : registers_;
  }
  [[nodiscard]] constexpr const TaskActivity* activity() const noexcept { return activity_; }
  [[nodiscard]] constexpr std::uint64_t frame_at() const noexcept { return frame_at_; }
  /// True if the frame is in this program's memory, wherever the task is.
  [[nodiscard]] constexpr bool is_frame_local() const noexcept { return is_frame_local_; }

 private:
  constexpr explicit Start(Kind kind) noexcept : kind_(kind) {}

  Kind kind_;
  bool is_frame_local_ = false;
  Registers registers_{};
  const Registers* saved_ = nullptr;
  const TaskActivity* activity_ = nullptr;
  std::uint64_t frame_at_ = 0;
};

}  // namespace surefoot
