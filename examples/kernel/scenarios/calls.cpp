// SPDX-License-Identifier: MIT
//
// Ordinary chains: complete ones, and walks that stop or refuse for a reason that is nobody's corruption.
#include <cstdint>

#include "arch/cpu_features.hpp"
#include "scenarios/list.hpp"
#include "surefoot/special_function.hpp"

namespace demo {
namespace {

using surefoot::EvidenceBit;
using surefoot::Reliability;
using surefoot::StopReason;

}  // namespace

// plain: T1, and C6 by what it leaves out: nothing here is a tail call.

DEMO_FUNCTION void plain_inner() noexcept {
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void plain_middle() noexcept {
  plain_inner();
  stay_on_stack();
}

DEMO_FUNCTION void plain_outer() noexcept {
  plain_middle();
  stay_on_stack();
}

DEMO_FUNCTION void run_plain() noexcept {
  plain_outer();
  stay_on_stack();
}

constexpr ExpectedFrames plain_frames[] = {{"plain_inner"},      {"plain_middle"},  {"plain_outer"},
                                           {"run_plain"},        {"scenario_task"}, {"kernel_task_begin"},
                                           {"kernel_task_entry"}};
constinit const Scenario plain{
    "plain", run_plain, {Reliability::reliable, Reliability::reliable, StopReason::final_record, {}, plain_frames}};

// deep: 200 frames.

// Apart: what a recording needs of the stack is needed once.
DEMO_FUNCTION void deep_inner() noexcept {
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void deep_step(unsigned calls_left) noexcept {  // NOLINT(misc-no-recursion): the point of it
  if (calls_left == 0) {
    deep_inner();
  } else {
    deep_step(calls_left - 1);
  }
  stay_on_stack();
}

DEMO_FUNCTION void run_deep() noexcept {
  deep_step(195);
  stay_on_stack();
}

constexpr ExpectedFrames deep_frames[] = {{"deep_inner"},    {"deep_step", 196},    {"run_deep"},
                                          {"scenario_task"}, {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario deep{
    "deep", run_deep, {Reliability::reliable, Reliability::reliable, StopReason::final_record, {}, deep_frames}};

// truncated: T12, a buffer of four frames.

DEMO_FUNCTION void truncated_inner() noexcept {
  record(surefoot::Start::here(), kernel::walks::here(), 4);
  stay_on_stack();
}

DEMO_FUNCTION void truncated_middle() noexcept {
  truncated_inner();
  stay_on_stack();
}

DEMO_FUNCTION void truncated_outer() noexcept {
  truncated_middle();
  stay_on_stack();
}

DEMO_FUNCTION void run_truncated() noexcept {
  truncated_outer();
  stay_on_stack();
}

constexpr ExpectedFrames truncated_frames[] = {
    {"truncated_inner"}, {"truncated_middle"}, {"truncated_outer"}, {"run_truncated"}};
constinit const Scenario truncated{
    "truncated",
    run_truncated,
    {Reliability::unreliable, Reliability::unreliable, StopReason::truncated, {}, truncated_frames}};

// special_function: C2, code that says of itself that a frame record does not describe it. Here one does; the kernel
// does not know.

SUREFOOT_SPECIAL_FUNCTION(calls_firmware)
DEMO_FUNCTION void calls_firmware() noexcept {
  SUREFOOT_SPECIAL_RANGE(calls_firmware, SUREFOOT_SPECIAL_OTHER);
  plain_inner();
  stay_on_stack();
}

DEMO_FUNCTION void run_special_function() noexcept {
  calls_firmware();
  stay_on_stack();
}

constexpr ExpectedFrames special_function_frames[] = {{"plain_inner"},          {"calls_firmware"},
                                                      {"run_special_function"}, {"scenario_task"},
                                                      {"kernel_task_begin"},    {"kernel_task_entry"}};
constinit const Scenario special_function{
    "special_function",
    run_special_function,
    {Reliability::unreliable, Reliability::unreliable, StopReason::final_record,
     EvidenceBit::in_special_range | EvidenceBit::special_code_without_rule, special_function_frames}};

// pac_signed: C8. The return addresses in the records are signed where the CPU can, and a walk shows them without.

DEMO_FUNCTION void walks_signed_records() noexcept {
  const auto& record = *static_cast<const volatile surefoot::FrameRecord*>(__builtin_frame_address(0));
  const std::uint64_t lr = record.lr;
  const bool is_signed = strip(lr) != lr;
  require(is_signed == kernel::cpu::is_pointer_authentication_on(), "the return address is signed if the CPU can");
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void run_pac_signed() noexcept {
  walks_signed_records();
  stay_on_stack();
}

constexpr ExpectedFrames pac_signed_frames[] = {
    {"walks_signed_records"}, {"run_pac_signed"}, {"scenario_task"}, {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario pac_signed{
    "pac_signed",
    run_pac_signed,
    {Reliability::reliable, Reliability::reliable, StopReason::final_record, {}, pac_signed_frames}};

// bad_table: C9, a table of two entries that are out of order.

DEMO_FUNCTION void walk_with_bad_table() noexcept {
  // Their offsets count from the entry, so that the second starts below the first.
  const surefoot::SpecialRangeEntry entries[2] = {{0x100, 0x108, SUREFOOT_SPECIAL_OTHER, 0, 0, 0, 0},
                                                  {0x10, 0x18, SUREFOOT_SPECIAL_OTHER, 0, 0, 0, 0}};
  const auto table = surefoot::SpecialRanges::make(entries);
  require(!table, "the unsorted table is refused");
  surefoot::Region image = kernel::walks::description().image();
  image.special_ranges = table.value_or(surefoot::SpecialRanges());
  record_with(image, surefoot::Start::here(), kernel::walks::here());
  stay_on_stack();
}

DEMO_FUNCTION void run_bad_table() noexcept {
  walk_with_bad_table();
  stay_on_stack();
}

constexpr ExpectedFrames bad_table_frames[] = {
    {"walk_with_bad_table"}, {"run_bad_table"}, {"scenario_task"}, {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario bad_table{"bad_table",
                                   run_bad_table,
                                   {Reliability::unreliable, Reliability::unreliable, StopReason::final_record,
                                    EvidenceBit::special_ranges_refused, bad_table_frames}};

}  // namespace demo
