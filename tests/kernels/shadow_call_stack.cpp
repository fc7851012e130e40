// SPDX-License-Identifier: MIT
//
// C7: what nothing but the shadow call stack tells of. A return address on the stack is replaced by another one behind
// a call, so that the chain is sound by itself.
#include <cstdint>

#include "kernels/list.hpp"
#include "scenarios/damage.hpp"

namespace demo {
namespace {

using surefoot::EvidenceBit;
using surefoot::Reliability;
using surefoot::StopReason;

constinit std::uint64_t another_return_address = 0;

}  // namespace

// Behind the call in calls_first(), where the walk is not.
[[gnu::noinline]] void remembers_return_address() noexcept { another_return_address = strip(own_record().lr); }

[[gnu::noinline]] void calls_first() noexcept {
  remembers_return_address();
  stay_on_stack();
}

[[gnu::noinline]] void has_other_return_address() noexcept {
  volatile surefoot::FrameRecord& damaged = own_record();
  const std::uint64_t intact = damaged.lr;
  overwrite(damaged.lr, another_return_address);
  stay_on_stack();
  record_here();
  overwrite(damaged.lr, intact);
  stay_on_stack();
}

void run_return_address_changed() noexcept {
  calls_first();
  has_other_return_address();
  stay_on_stack();
}

constexpr ExpectedFrames return_address_changed_frames[] = {
    {"has_other_return_address"}, {"calls_first"}, {"scenario_task"}, {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario return_address_changed{
    "return_address_changed",
    run_return_address_changed,
    {Reliability::unreliable, Reliability::unreliable, StopReason::final_record,
     EvidenceBit::shadow_call_stack_disagrees, return_address_changed_frames}};

}  // namespace demo
