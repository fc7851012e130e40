// SPDX-License-Identifier: MIT
//
// Single step: between begin() and end(), and while debug exceptions are unmasked, every instruction of this CPU is
// followed by an exception whose handler judges the state in front of the next one [arm-arm D2.12, "Software Step
// exceptions"]. The handler itself is not stepped, as exceptions are taken with PSTATE.D set.
#pragma once

#include <cstdint>
#include <span>

#include "sweep/judge.hpp"
#include "sweep/truth.hpp"

namespace sweep {

/// PSTATE.D. Stepping goes on and off with it, from the very next instruction.
[[gnu::always_inline]] inline void unmask_debug() noexcept { asm volatile("msr daifclr, #8" ::: "memory"); }
[[gnu::always_inline]] inline void mask_debug() noexcept { asm volatile("msr daifset, #8" ::: "memory"); }

namespace stepper {

/// Turns single step on for this task, which the judge judges. Debug exceptions are masked; stepping begins when they
/// are unmasked. `outermost_first`: what the code that does so returns to.
void begin(Judge& judge, std::span<const std::uint64_t> outermost_first) noexcept;
/// Turns it off. False if something was not as it should be, which has been reported.
[[nodiscard]] bool end() noexcept;

/// What is known of the code that runs. For tracers and handlers that know more.
[[nodiscard]] Truth& truth() noexcept;

/// Raises a software interrupt in front of the instruction at `pc`, the next time that it is reached. 0 for none.
void interrupt_at(std::uint64_t pc) noexcept;
/// How often one was raised since begin().
[[nodiscard]] std::uint32_t interrupts_raised() noexcept;

}  // namespace stepper

/// The address behind the first call of `callee` in the code at `function`; 0 if there is none nearby.
[[nodiscard]] std::uint64_t find_return_address(void (*function)() noexcept, std::uint64_t callee) noexcept;

/// Where the handlers of exceptions return to.
struct HandlerLevels {
  std::uint64_t path;        ///< the call in the exception's assembly
  std::uint64_t dispatcher;  ///< the call of the handler in C++
};
[[nodiscard]] std::uint64_t synchronous_path() noexcept;
[[nodiscard]] std::uint64_t interrupt_path() noexcept;

/// Steps the body of an exception handler, whose return address is given as a walk would see it. Requires that the
/// code that was interrupted was stepped.
template <typename Body>
[[gnu::always_inline]] inline void step_handler(const surefoot::ExceptionFrame& frame, const HandlerLevels& levels,
                                                const Body& body) noexcept {
  stepper::truth().enter_exception(frame.pc, levels.path, levels.dispatcher);
  unmask_debug();
  body();
  mask_debug();
  stepper::truth().leave_exception();
}

/// PSTATE.SS, in a frame: set, the interrupted instruction is executed before the next step exception; clear, the step
/// exception comes first, and so is in front of that instruction.
inline constexpr std::uint64_t pstate_software_step = std::uint64_t{1} << 21;

}  // namespace sweep
