// SPDX-License-Identifier: MIT
//
// Walks that are stepped: in front of each instruction of a walk an exception is taken, whose handler walks again (S4).
// Both have to be right. One of the walks that are stepped begins in an interrupt handler, whose interrupt came in the
// middle of another walk.
#include <array>
#include <cstdint>
#include <span>

#include "arch/interrupts.hpp"
#include "surefoot/surefoot.hpp"
#include "sweep/judge.hpp"
#include "sweep/stepper.hpp"
#include "sweep/traced.hpp"
#include "sweep/workloads.hpp"
#include "walks/description.hpp"

namespace sweep {
namespace {

using surefoot::Policy;

constexpr std::size_t most_frames = 64;
constexpr std::uint64_t depth_of_chain = 4;

constinit std::uint32_t made = 0;

// Of the walk itself: it interrupts another.
constexpr surefoot::Trace (*walker)(const surefoot::Start&, const surefoot::Kernel&, const surefoot::Task&,
                                    std::span<surefoot::Frame>, Policy) noexcept = surefoot::walk;

// As `levels` say, and reliable. Out of line, and so is what follows: each is a frame whatever the compiler thinks.
[[gnu::noinline]] void require_right(const surefoot::Trace& trace, std::span<const Level> levels) noexcept {
  ++made;
  if (!trace.verdict.is_reliable()) stepper::truth().fail("a stepped walk is unreliable");
  if (trace.frames.empty() || !shows(trace.frames.subspan(1), levels)) {
    stepper::truth().fail("a stepped walk has other frames");
  }
}

[[gnu::noinline]] void walk_here() noexcept {
  std::array<surefoot::Frame, most_frames> room;
  const surefoot::Trace trace =
      walk(surefoot::Start::here(), kernel::walks::description().described(), kernel::walks::here(), room);
  require_right(trace, stepper::truth().levels());
}

[[gnu::noinline]] void walk_interrupted(const surefoot::ExceptionFrame& frame, std::span<const Level> levels) noexcept {
  std::array<surefoot::Frame, most_frames> room;
  const surefoot::Trace trace = walk(surefoot::Start::exception(frame), kernel::walks::description().described(),
                                     kernel::walks::here(), room, Policy::exact);
  require_right(trace, levels);
}

void on_interrupt(surefoot::ExceptionFrame& frame) noexcept {
  const HandlerLevels levels{.path = interrupt_path(),
                             .dispatcher = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0))};
  const std::span<const Level> interrupted = stepper::truth().levels();
  step_handler(frame, levels, [&] noexcept {
    walk_interrupted(frame, interrupted);
    stay_on_stack();
  });
  frame.pstate |= pstate_software_step;  // the interrupted instruction has been a step already
}

}  // namespace

void run_walks() noexcept {
  const kernel::interrupts::Handler before =
      kernel::interrupts::set_handler(kernel::interrupts::software_id, on_interrupt);
  made = 0;
  calls_at_depth(depth_of_chain, walk_here);
  for (const std::uint64_t pc : {reinterpret_cast<std::uintptr_t>(&leaf), reinterpret_cast<std::uintptr_t>(walker)}) {
    stepper::interrupt_at(pc);
    calls_at_depth(depth_of_chain, walk_here);
    leaf(1);
  }
  kernel::interrupts::set_handler(kernel::interrupts::software_id, before);
  if (made != 5) stepper::truth().fail("not as many walks as were to be stepped");
}

}  // namespace sweep
