// SPDX-License-Identifier: MIT
//
// Chains that memory corruption has damaged. Each scenario overwrites a live frame record for the length of one walk
// and then mends it: a walk must end, read nothing outside the stack, and name what it met.
#include <cstdint>

#include "scenarios/damage.hpp"
#include "scenarios/list.hpp"

namespace demo {
namespace {

using surefoot::EvidenceBit;
using surefoot::FrameRecord;
using surefoot::Reliability;
using surefoot::StopReason;

}  // namespace

// fp_self_loop: T7, a record that is its own caller's.

DEMO_FUNCTION void self_loop() noexcept { record_with_fp(own_record(), address_of(&own_record())); }

DEMO_FUNCTION void run_fp_self_loop() noexcept {
  self_loop();
  stay_on_stack();
}

constexpr ExpectedFrames fp_self_loop_frames[] = {{"self_loop"}, {"run_fp_self_loop"}};
constinit const Scenario fp_self_loop{
    "fp_self_loop",
    run_fp_self_loop,
    {Reliability::unreliable, Reliability::unreliable, StopReason::not_above_previous, {}, fp_self_loop_frames}};

// fp_two_cycle: T7, two records that name each other.

DEMO_FUNCTION void two_cycle_inner(volatile FrameRecord& callers) noexcept {
  record_with_fp(callers, address_of(&own_record()));
}

DEMO_FUNCTION void two_cycle_outer() noexcept {
  two_cycle_inner(own_record());
  stay_on_stack();
}

DEMO_FUNCTION void run_fp_two_cycle() noexcept {
  two_cycle_outer();
  stay_on_stack();
}

constexpr ExpectedFrames fp_two_cycle_frames[] = {{"two_cycle_inner"}, {"two_cycle_outer"}, {"run_fp_two_cycle"}};
constinit const Scenario fp_two_cycle{
    "fp_two_cycle",
    run_fp_two_cycle,
    {Reliability::unreliable, Reliability::unreliable, StopReason::not_above_previous, {}, fp_two_cycle_frames}};

// fp_misaligned: T6.

DEMO_FUNCTION void misaligned() noexcept { record_with_fp(own_record(), own_record().fp + 4); }

DEMO_FUNCTION void run_fp_misaligned() noexcept {
  misaligned();
  stay_on_stack();
}

constexpr ExpectedFrames fp_misaligned_frames[] = {{"misaligned"}, {"run_fp_misaligned"}};
constinit const Scenario fp_misaligned{
    "fp_misaligned",
    run_fp_misaligned,
    {Reliability::unreliable, Reliability::unreliable, StopReason::misaligned_record, {}, fp_misaligned_frames}};

// fp_wild: T8 and T9, an address where no memory is. Reading it would fault.

DEMO_FUNCTION void wild() noexcept { record_with_fp(own_record(), 0x0000'dead'0000'0000); }

DEMO_FUNCTION void run_fp_wild() noexcept {
  wild();
  stay_on_stack();
}

constexpr ExpectedFrames fp_wild_frames[] = {{"wild"}, {"run_fp_wild"}};
constinit const Scenario fp_wild{
    "fp_wild",
    run_fp_wild,
    {Reliability::unreliable, Reliability::unreliable, StopReason::off_stack, {}, fp_wild_frames}};

// lr_not_text: C1. The chain of records is intact, so the walk goes on; it is the address that nobody can return to.

constinit std::uint64_t no_code[2] = {};

DEMO_FUNCTION void not_text() noexcept {
  volatile FrameRecord& damaged = own_record();
  const std::uint64_t intact = damaged.lr;
  overwrite(damaged.lr, address_of(&no_code[1]));
  stay_on_stack();
  record_here();
  overwrite(damaged.lr, intact);
  stay_on_stack();
}

void run_lr_not_text() noexcept {
  not_text();
  stay_on_stack();
}

constexpr ExpectedFrames lr_not_text_frames[] = {
    {"not_text"}, {unknown_function}, {"scenario_task"}, {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario lr_not_text{"lr_not_text",
                                     run_lr_not_text,
                                     {Reliability::unreliable, Reliability::unreliable, StopReason::final_record,
                                      EvidenceBit::not_text | of_shadow_call_stack, lr_not_text_frames}};

// unknown_metadata, final_record_misplaced: T3 and T2, a record of zeros that is not the task's final one. Where
// records are typed, one of an unknown type is told apart. Where they are not, any record of zeros is a final one,
// whatever is above it.

DEMO_FUNCTION void end_early(volatile const std::uint64_t& forged) noexcept {
  record_with_fp(own_record(), address_of(&forged));
}

DEMO_FUNCTION void forge_metadata() noexcept {
  volatile std::uint64_t forged[3] = {0, 0, 3};
  end_early(forged[0]);
  stay_on_stack();
}

void run_unknown_metadata() noexcept {
  forge_metadata();
  stay_on_stack();
}

constexpr ExpectedFrames unknown_metadata_frames[] = {{"end_early"}, {"forge_metadata"}};
constinit const Scenario unknown_metadata{
    "unknown_metadata",
    run_unknown_metadata,
    {Reliability::unreliable,
     Reliability::unreliable,
     has_typed_records ? StopReason::unknown_metadata : StopReason::final_record_misplaced,
     {},
     unknown_metadata_frames}};

DEMO_FUNCTION void forge_final_record() noexcept {
  volatile std::uint64_t forged[3] = {0, 0, SUREFOOT_METADATA_FINAL};
  end_early(forged[0]);
  stay_on_stack();
}

void run_final_record_misplaced() noexcept {
  forge_final_record();
  stay_on_stack();
}

constexpr ExpectedFrames final_record_misplaced_frames[] = {{"end_early"}, {"forge_final_record"}};
constinit const Scenario final_record_misplaced{"final_record_misplaced",
                                                run_final_record_misplaced,
                                                {Reliability::unreliable,
                                                 Reliability::unreliable,
                                                 StopReason::final_record_misplaced,
                                                 {},
                                                 final_record_misplaced_frames}};

}  // namespace demo
