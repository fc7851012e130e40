// SPDX-License-Identifier: MIT
//
// Tracers: objects of the kernel that are called when a function is entered, or entered and left. They are constinit
// objects with storage of their own; to give a callback more to work with, derive from them.
#pragma once

#include <cstdint>
#include <span>

#include "surefoot/ftrace/frame.hpp"
#include "surefoot/return_stack.hpp"

namespace surefoot::ftrace {

namespace detail {
class TracerList;
}

/// Which functions are traced: entry points, or all patchable functions if there are none. Refers to the caller's
/// storage.
using FunctionFilter = std::span<const std::uint64_t>;

/// How much a tracer needs to see of a function's registers.
enum class RegisterSet : std::uint8_t {
  arguments,  ///< x0 to x8, fp, lr, sp, pc
  all,        ///< x10 to x28 as well; the trampoline takes longer
};

/// Called at the entry of each function that its filter names.
class Tracer {
 public:
  /// Runs in the traced context, with its interrupts as they are; may be preempted. What it calls is not traced. It
  /// may be entered on several CPUs at once, and nested, by an exception that has an ExecutionState of its own.
  using Callback = void (*)(Tracer& tracer, FtraceFrame& frame) noexcept;

  constexpr explicit Tracer(Callback callback, FunctionFilter filter = {},
                            RegisterSet registers = RegisterSet::arguments) noexcept
      : callback_(callback), filter_(filter), registers_(registers) {}
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  /// Requires that the tracer is not registered, and a GracePeriod since it was.
  constexpr void set_filter(FunctionFilter filter) noexcept { filter_ = filter; }
  [[nodiscard]] constexpr FunctionFilter filter() const noexcept { return filter_; }
  [[nodiscard]] constexpr RegisterSet registers() const noexcept { return registers_; }

 private:
  friend class detail::TracerList;

  Callback callback_;
  FunctionFilter filter_;
  Tracer* next_ = nullptr;
  RegisterSet registers_;
};

/// Called when a function is entered, and again when it returns, which goes through return_to_handler.
class GraphTracer {
 public:
  /// False leaves this call alone: its return is not hooked. Contexts as for Tracer::Callback.
  using Entry = bool (*)(GraphTracer& tracer, FtraceFrame& frame) noexcept;
  /// `entry` is still on the return stack. A call that an earlier graph tracer accepted is reported to the present one.
  using Exit = void (*)(GraphTracer& tracer, const ReturnEntry& entry, ReturnFrame& frame) noexcept;

  constexpr GraphTracer(Entry entry, Exit exit, FunctionFilter filter = {}) noexcept
      : entry_(entry), exit_(exit), filter_(filter) {}
  GraphTracer(const GraphTracer&) = delete;
  GraphTracer& operator=(const GraphTracer&) = delete;

  /// Requires that the tracer is not registered, and a GracePeriod since it was.
  constexpr void set_filter(FunctionFilter filter) noexcept { filter_ = filter; }
  [[nodiscard]] constexpr FunctionFilter filter() const noexcept { return filter_; }

  [[nodiscard]] bool on_entry(FtraceFrame& frame) noexcept { return entry_(*this, frame); }
  [[gnu::always_inline]] void on_exit(const ReturnEntry& entry, ReturnFrame& frame) noexcept {
    exit_(*this, entry, frame);
  }

 private:
  Entry entry_;
  Exit exit_;
  FunctionFilter filter_;
};

}  // namespace surefoot::ftrace
