// SPDX-License-Identifier: MIT
//
// Code and data of a kernel that are far from the rest of it: calls go through veneers that the linker makes, and data
// is reached by whole addresses.
#include <cstdint>

#include "arch/exceptions.hpp"
#include "kernels/list.hpp"
#include "scenarios/interrupting.hpp"

#define FAR_CODE [[gnu::section(".far_text"), gnu::noinline]]
#define FAR_DATA [[gnu::section(".far_data")]]

namespace demo {
namespace {

using surefoot::Evidence;
using surefoot::EvidenceBit;
using surefoot::Reliability;
using surefoot::StopReason;

FAR_DATA constinit volatile std::uint64_t far_word = 5;

}  // namespace

// far_call: near code calls far code, and that calls near code.

FAR_CODE void far_inner() noexcept {
  far_word = far_word + 1;
  record_here();
  stay_on_stack();
}

FAR_CODE void far_outer() noexcept {
  far_inner();
  stay_on_stack();
}

void run_far_call() noexcept {
  far_word = 5;
  far_outer();
  require(far_word == 6, "the far data was written");
}

constexpr ExpectedFrames far_call_frames[] = {{"far_inner"},     {"far_outer"},         {"run_far_call"},
                                              {"scenario_task"}, {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario far_call{
    "far_call",
    run_far_call,
    {Reliability::reliable, Reliability::reliable, StopReason::final_record, {}, far_call_frames}};

// far_brk: an exception in far code, whose rule is in the one frame table of the image.

void record_from_far_brk(kernel::ExceptionFrame& frame) noexcept {
  record_here();
  kernel::step_over(frame);
}

FAR_CODE void far_executes_brk() noexcept { asm volatile("brk #0x5f" ::: "memory"); }

void run_far_brk() noexcept {
  const kernel::ExceptionHook before = kernel::set_exception_hook(kernel::ExceptionClass::brk, record_from_far_brk);
  far_executes_brk();
  kernel::set_exception_hook(kernel::ExceptionClass::brk, before);
}

constexpr ExpectedFrames far_brk_frames[] = {
    {"record_from_far_brk"}, {"kernel_handle_synchronous"}, {"el1h_64_sync"},     {"far_executes_brk"}, {"run_far_brk"},
    {"scenario_task"},       {"kernel_task_begin"},         {"kernel_task_entry"}};
constinit const Scenario far_brk{"far_brk",
                                 run_far_brk,
                                 {Reliability::unreliable, Reliability::reliable, StopReason::final_record,
                                  EvidenceBit::crossed_exception | EvidenceBit::in_special_range, far_brk_frames}};

// irq_in_veneer: an interrupt in front of the first instruction of a veneer, which has no record, and whose caller is
// in the link register.

extern "C" {
FAR_CODE void demo_far_leaf() noexcept { far_word = far_word + 1; }
}

[[gnu::noinline]] void calls_far_leaf() noexcept {
  demo_far_leaf();
  stay_on_stack();
}

// Where the first BL of a function leads to.
std::uint64_t first_called_by(void (*function)() noexcept) noexcept {
  constexpr std::size_t most = 16;
  const auto* const code = reinterpret_cast<const std::uint32_t*>(function);
  for (std::size_t i = 0; i != most; ++i) {
    if ((code[i] & 0xfc00'0000) != 0x9400'0000) continue;
    const auto words = static_cast<std::int32_t>(code[i] << 6) >> 6;
    return reinterpret_cast<std::uintptr_t>(&code[i]) + static_cast<std::uint64_t>(std::int64_t{words} * 4);
  }
  return 0;
}

void run_irq_in_veneer() noexcept {
  const HandlerScope handler(kernel::interrupts::software_id, record_at_wanted_pc);
  const std::uint64_t veneer = first_called_by(calls_far_leaf);
  require(veneer != 0 && veneer != reinterpret_cast<std::uintptr_t>(&demo_far_leaf), "the call is by a veneer");
  interrupt_at(veneer, calls_far_leaf);
}

#ifdef __clang__
#define VENEER "__AArch64AbsLongThunk_demo_far_leaf"
#else
#define VENEER "__demo_far_leaf_veneer"
#endif
constexpr ExpectedFrames irq_in_veneer_frames[] = {{"record_at_wanted_pc"}, {"kernel_handle_interrupt"},
                                                   {"el1h_64_irq"},         {VENEER},
                                                   {"calls_far_leaf"},      {"interrupt_at"},
                                                   {"run_irq_in_veneer"},   {"scenario_task"},
                                                   {"kernel_task_begin"},   {"kernel_task_entry"}};
constinit const Scenario irq_in_veneer{
    "irq_in_veneer",
    run_irq_in_veneer,
    {Reliability::unreliable, Reliability::reliable, StopReason::final_record, at_interrupt, irq_in_veneer_frames}};

}  // namespace demo
