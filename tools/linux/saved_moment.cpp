// SPDX-License-Identifier: MIT
#include "linux/saved_moment.hpp"

#include <algorithm>

#include "code/registers.hpp"
#include "surefoot/code_map.hpp"
#include "surefoot/layout.h"
#include "surefoot/rule.hpp"

namespace surefoot::tools {
namespace {

// By the frame table of ordinary code.
bool has_own_record(const CpuState& state, const CodeMap& code) {
  const Interval& interval = code[code.find(state.pc)];
  if (interval.kind != IntervalKind::plain) return false;
  const Rule rule = code.region_of(interval).frame_table.find(state.pc);
  if (rule.pc != From::saved_pair || rule.base == Base::none) return false;
  const std::uint64_t fp = state.x[fp_number];
  const std::uint64_t base = rule.base == Base::fp ? fp : state.sp;
  return offset_by(base, rule.fp_offset) == fp && offset_by(base, rule.offset) == fp + SUREFOOT_FRAME_RECORD_OFFSET_LR;
}

}  // namespace

bool SavedMoment::is_before_call_by(std::uint64_t record) const {
  if (stack.contains(record)) return record < sp || (record == fp && has_record);
  return std::ranges::any_of(unused, [record](const AddressRange& range) { return range.contains(record); });
}

SavedMoment saved_moment_of(const LinuxCpu& cpu, const AddressRange& task_stack, const Kernel& kernel) {
  if (!cpu.registers) return {};
  const CpuState& state = *cpu.registers;
  SavedMoment moment{.fp = state.x[fp_number], .sp = state.sp, .has_record = has_own_record(state, kernel.code())};
  if (task_stack.contains(state.sp)) {
    moment.stack = task_stack;
    for (const Stack& stack : cpu.stacks) moment.unused.push_back(stack.range);
    return moment;
  }
  for (const Stack& stack : cpu.stacks) {
    if (stack.range.contains(state.sp)) moment.stack = stack.range;
  }
  return moment;
}

}  // namespace surefoot::tools
