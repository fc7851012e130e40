// SPDX-License-Identifier: MIT
//
// A scenario brings a task into some state, has one walk recorded there, and says beforehand what the walk must find.
// What is expected is written down by hand in each scenario and never derived from a walk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "arch/exception_frame.hpp"
#include "surefoot/surefoot.hpp"
#include "walks/description.hpp"

/// Marks a function that a scenario traces, or expects among the frames: it stays one function, with one entry,
/// whatever a compiler could make of it.
#if defined(__clang__)
#define DEMO_FUNCTION [[gnu::noinline]]
#elif defined(DEMO_PATCH_SITES_BY_ATTRIBUTE)
#define DEMO_FUNCTION [[gnu::noipa, gnu::patchable_function_entry(2)]]
#else
#define DEMO_FUNCTION [[gnu::noipa]]
#endif

namespace demo {

/// The most frames that a recording keeps.
inline constexpr std::size_t max_frames = 256;

/// So many consecutive frames of one function, given by its name without namespaces.
struct ExpectedFrames {
  const char* function;
  std::size_t count = 1;
};

/// As a function: a pc that no symbol contains.
inline constexpr const char* unknown_function = "-";

/// As a count: once or more often. For recursion that ends where a stack does.
inline constexpr std::size_t once_or_more = 0;

/// What some outcomes depend on: the layout of exception frames that the kernel is built with.
inline constexpr bool has_typed_records = kernel::exception_layout.typing == surefoot::RecordTyping::typed;
inline constexpr bool has_sp_in_frame = kernel::exception_layout.sp != surefoot::ExceptionLayout::absent;

/// What a kernel with a shadow call stack has to notice where the chain has been tampered with.
#ifdef KERNEL_HAS_SHADOW_CALL_STACK
inline constexpr surefoot::Evidence of_shadow_call_stack = surefoot::EvidenceBit::shadow_call_stack_disagrees;
#else
inline constexpr surefoot::Evidence of_shadow_call_stack{};
#endif

/// The outcome that a scenario demands. Frames and evidence are the same under both policies.
struct Expected {
  surefoot::Reliability strict;
  surefoot::Reliability exact;
  surefoot::StopReason stop;
  surefoot::Evidence evidence;
  std::span<const ExpectedFrames> frames;
};

/// Runs in a task of its own; its outermost frames are scenario_task and the two of the scheduler.
struct Scenario {
  const char* name;
  void (*run)() noexcept;
  Expected expected;
};

/// Walks and keeps the result for the judge. Only the first recording of a scenario counts; more are a failure.
void record(const surefoot::Start& start, const surefoot::Task& task, std::size_t capacity = max_frames) noexcept;
/// The same as if the kernel's image were described otherwise.
void record_with(const surefoot::Region& image, const surefoot::Start& start, const surefoot::Task& task) noexcept;

/// The same frame by frame: calls `between` behind each frame, with how many there are so far.
void record_by_frame(const surefoot::Start& start, const surefoot::Task& task,
                     void (*between)(std::size_t count) noexcept) noexcept;

/// Keeps the trace of a user program, to be printed behind that of the kernel. Its pcs have to stay in place.
void record_user(const surefoot::UserTrace& trace) noexcept;

/// The policy of the run.
[[nodiscard]] surefoot::Policy policy() noexcept;
void set_policy(surefoot::Policy policy) noexcept;

/// A condition that the scenario itself needs for its result to mean anything. If false, the scenario fails.
void require(bool condition, const char* what) noexcept;

/// The return address without its authentication code, if it has one.
[[nodiscard]] inline std::uint64_t strip(std::uint64_t return_address) noexcept {
  return kernel::walks::description().described().pac().strip(return_address);
}

/// Records from the function that calls this.
[[gnu::always_inline]] inline void record_here() noexcept { record(surefoot::Start::here(), kernel::walks::here()); }

/// The outermost function of every scenario; the argument is the address of the Scenario.
void scenario_task(std::uint64_t scenario) noexcept;

/// What one context sets and another one sees, 0 or 1. No bool: with UBSan's traps GCC loads a volatile one only once.
using Flag = volatile std::uint32_t;

/// Keeps a call from becoming a tail call, and with it the caller on the stack.
[[gnu::always_inline]] inline void stay_on_stack() noexcept { asm volatile("" ::: "memory"); }

}  // namespace demo
