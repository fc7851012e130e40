// SPDX-License-Identifier: MIT
//
// Moments as those of moments.cpp, in functions that the compiler makes (X2).
#include <cstddef>
#include <cstdint>

#include "arch/interrupt_mask.hpp"
#include "scenarios/interrupting.hpp"
#include "scenarios/list.hpp"
#include "scenarios/moment_frames.hpp"

namespace demo {
namespace {

using kernel::ExceptionFrame;
using kernel::interrupts::software_id;

}  // namespace

// irq_in_alloca_frame: X2, a frame of a size that is not known before: sp says nothing about where the record is.

constinit volatile std::size_t size_of_room = 800;

DEMO_FUNCTION void record_from_alloca_frame(ExceptionFrame& frame) noexcept {
  require(frame.fp - kernel::interrupted_sp(frame) >= size_of_room, "the record is far above sp");
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void has_alloca_frame(std::size_t size) noexcept {
  void* const room = __builtin_alloca(size);
  asm volatile("" ::"r"(room) : "memory");  // as if it were used
  let_interrupt_in();
}

DEMO_FUNCTION void run_irq_in_alloca_frame() noexcept {
  const HandlerScope handler(software_id, record_from_alloca_frame);
  const kernel::InterruptsMasked masked;
  kernel::interrupts::raise_software_interrupt();
  has_alloca_frame(size_of_room);
}

constexpr ExpectedFrames irq_in_alloca_frame_frames[] = {
    {"record_from_alloca_frame"}, {"kernel_handle_interrupt"}, {"el1h_64_irq"},       {"has_alloca_frame"},
    {"run_irq_in_alloca_frame"},  {"scenario_task"},           {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario irq_in_alloca_frame{"irq_in_alloca_frame", run_irq_in_alloca_frame,
                                             exact_by(irq_in_alloca_frame_frames)};

// irq_in_compiled_prologue, irq_in_compiled_epilogue: X2, the same moments in a function that the compiler made: behind
// the instruction that writes the record, and behind the one that loads it.

namespace {

constexpr std::uint32_t store_of_record = 0xa8007bfd;  // STP x29, x30, [sp ...]
constexpr std::uint32_t load_of_record = 0xa8407bfd;   // LDP
constexpr std::uint32_t any_addressing = 0xfe407fff;   // all but the offset, and whether sp is changed [arm-arm C6.2]

// The address behind the first such instruction of a function; 0 if there is none.
std::uint64_t behind_first(std::uint32_t pattern, void (*function)() noexcept) noexcept {
  constexpr std::size_t most_instructions = 32;
  const auto start = reinterpret_cast<std::uintptr_t>(function);
  for (std::size_t i = 0; i < most_instructions; ++i) {
    const std::uint64_t at = start + i * surefoot::instruction_size;
    // SAFETY: text can be read, and this kernel's does not end with a scenario.
    const std::uint32_t word = *reinterpret_cast<const volatile std::uint32_t*>(at);
    if ((word & any_addressing) == pattern) return at + surefoot::instruction_size;
  }
  return 0;
}

}  // namespace

DEMO_FUNCTION void does_nothing() noexcept { stay_on_stack(); }

DEMO_FUNCTION void is_compiled() noexcept {
  does_nothing();
  stay_on_stack();
}

DEMO_FUNCTION void run_irq_in_compiled_prologue() noexcept {
  const HandlerScope handler(software_id, record_at_wanted_pc);
  interrupt_at(behind_first(store_of_record, is_compiled), is_compiled);
}

constexpr auto irq_in_compiled_prologue_frames =
    frames_from("record_at_wanted_pc", "is_compiled", "run_irq_in_compiled_prologue");
constinit const Scenario irq_in_compiled_prologue{"irq_in_compiled_prologue", run_irq_in_compiled_prologue,
                                                  exact_by(irq_in_compiled_prologue_frames)};

DEMO_FUNCTION void run_irq_in_compiled_epilogue() noexcept {
  const HandlerScope handler(software_id, record_at_wanted_pc);
  interrupt_at(behind_first(load_of_record, is_compiled), is_compiled);
}

constexpr auto irq_in_compiled_epilogue_frames =
    frames_from("record_at_wanted_pc", "is_compiled", "run_irq_in_compiled_epilogue");
constinit const Scenario irq_in_compiled_epilogue{"irq_in_compiled_epilogue", run_irq_in_compiled_epilogue,
                                                  exact_by(irq_in_compiled_epilogue_frames)};

}  // namespace demo
