// SPDX-License-Identifier: MIT
//
// An interrupt in front of one instruction after the other that a traced call executes: each of the trampolines, and of
// the functions and the tracing runtime as many as take a bearable time. Its handler runs on another stack, calls
// functions that are traced, and is stepped: the walks begin in it and go on into what it interrupted.
#include "arch/interrupts.hpp"

#include "sweep/report.hpp"
#include "sweep/stepper.hpp"
#include "sweep/traced.hpp"
#include "sweep/workloads.hpp"

namespace sweep {
namespace {

// So many instructions are each interrupted, which are those of a run without tracers. Of more, every eighth.
constexpr std::size_t most_for_all = 128;

constinit CodeMap* code_of_run = nullptr;
constinit std::uint32_t handled = 0;

void on_interrupt(surefoot::ExceptionFrame& frame) noexcept {
  const HandlerLevels levels{.path = interrupt_path(),
                             .dispatcher = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0))};
  ++handled;
  step_handler(frame, levels, [] noexcept {
    leaf(1);
    stay_on_stack();
  });
  frame.pstate |= pstate_software_step;  // the interrupted instruction has been a step already
}

[[gnu::noinline]] void interrupted() noexcept {
  tail_calls_leaf(1);
  stay_on_stack();
}

}  // namespace

void set_code_map(CodeMap& code) noexcept { code_of_run = &code; }

void run_interrupts() noexcept {
  const kernel::interrupts::Handler before =
      kernel::interrupts::set_handler(kernel::interrupts::software_id, on_interrupt);
  // Once without, to see which instructions are reached at all.
  code_of_run->begin_list();
  interrupted();
  code_of_run->end_list();
  handled = 0;
  std::size_t number = 0;
  const std::size_t stride = code_of_run->listed().size() <= most_for_all ? 1 : 8;
  for (const std::uint64_t pc : code_of_run->listed()) {
    if (!code_of_run->is_in_trampoline(pc) && number++ % stride != 0) continue;
    stepper::interrupt_at(pc);
    interrupted();
  }
  stepper::interrupt_at(0);
  if (handled != stepper::interrupts_raised()) stepper::truth().fail("an interrupt that was not taken");
  if (handled == 0) stepper::truth().fail("no interrupt");
  kernel::interrupts::set_handler(kernel::interrupts::software_id, before);
}

}  // namespace sweep
