// SPDX-License-Identifier: MIT
//
// A check of a whole port at boot: what a kernel says of itself against its vectors, its tasks and its code, before a
// wrong verdict can be believed. Kernel::make() and the others check the form of one table; this check compares them
// with each other and with what is in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/code_map.hpp"
#include "surefoot/kernel.hpp"
#include "surefoot/task.hpp"

namespace surefoot {

/// What can be wrong with a port. The index of a finding is that of a region, if nothing else is said.
enum class PortProblem : std::uint8_t {
  kernel_refused,          ///< Kernel::make() refuses the description. fault: KernelFault; index: as in KernelError
  code_map_refused,        ///< CodeMap::make() refuses the region. fault: CodeMapFault
  no_code,                 ///< there is no region
  region_not_in_map,       ///< a region of PortFacts::regions is not in the code map
  special_ranges_refused,  ///< Region::special_ranges was refused, is empty without none(), or was left out
  calls_refused,           ///< the same of Region::calls_without_record
  no_frame_table,          ///< the region has no frame table: no exception in its ordinary code has a rule

  no_vectors,                ///< PortFacts::vectors is 0
  misaligned_vectors,        ///< VBAR_ELx is no multiple of 2 KiB [arm-arm, VBAR_EL1]
  vectors_not_text,          ///< the 2 KiB of the vectors are not inside one region
  vector_not_special,        ///< an entry is in no special range of kind exception_entry. index: the entry, 0 to 15
  lower_vector_not_special,  ///< the same of an entry from a lower exception level, of which the frame table has no
                             ///< rule
  vector_has_rule,           ///< the range has a rule at the entry, where x29 is still the interrupted code's
  vector_path_not_special,   ///< an entry of this level branches to `address`, in no range of kind exception_entry
  lower_vector_path_not_special,  ///< the same of an entry from a lower exception level
  no_exception_frame_rule,        ///< records are untyped, and no special range has the rule exception_frame

  code_not_looked_at,            ///< the code is not readable: what needs it was not compared with it
  frame_table_elsewhere,         ///< no function of the frame table is in the region's text
  frame_table_of_other_code,     ///< the instruction at `address` does not do to sp or x29 what the table says
  special_ranges_of_other_code,  ///< the same of a special range; or one of a tracer's call holds neither call nor NOP
  calls_of_other_code,           ///< a range of calls without a record, at `address`, holds no call
  patch_site_outside_text,       ///< a patch site, at `address`, is in no region
  patch_site_of_other_code,      ///< the word at `address` of a patch site is nothing that a tracing runtime writes

  pac_mask_missing,     ///< return addresses are signed, as at `address`, and the mask is 0
  pac_not_looked_at,    ///< code signs return addresses, the mask is 0, and PortFacts::system_control is 0
  pac_mask_cuts_text,   ///< the mask has bits in which the region's addresses differ from each other, or from bit 55
  pac_mask_cuts_stack,  ///< the same of a stack. index: the task
  tag_mask_cuts_stack,  ///< the same of the mask of tags. index: the task

  witness_without_code,               ///< a witness reads code that is not readable
  witness_without_frame_table,        ///< a witness needs the frame table that the region does not have
  witness_without_shadow_call_stack,  ///< a witness needs Task::shadow_call_stack. index: the task

  // Of tasks: the index is that of the task.
  no_task,                  ///< no task was named, so that none was looked at
  no_stack,                 ///< the task has no stack; a set that was refused is empty
  empty_stack,              ///< the stack at `address` holds nothing
  misaligned_stack,         ///< a bound of the stack at `address` is no multiple of 16 [aapcs64 §6.4.5]
  too_many_stacks,          ///< with those of the CPU, more than max_stacks
  overlapping_stacks,       ///< the stack at `address` overlaps another one of the task or of its CPU
  stack_of_two_tasks,       ///< the stack at `address` overlaps one of a task before, or of its CPU
  stack_in_text,            ///< the stack at `address` overlaps a region
  code_map_on_stack,        ///< the code map, its regions or its intervals, at `address`, are on the task's stack: they
                            ///< end with the function that made them
  no_final_record,          ///< Task::final_record_at is 0
  misaligned_final_record,  ///< it is no multiple of 8
  final_record_off_stack,   ///< the record there is not wholly inside one of the task's stacks
  not_a_final_record,       ///< the words there are not those of a final record, as the layout says
  final_record_not_looked_at,  ///< the task's memory refused to be read there
  too_many_return_stacks,      ///< more than max_return_stacks
  damaged_return_stack,        ///< null, or its depth is above its capacity. address: of the object
  no_return_stack,             ///< the kernel has patch sites or return hooks, and the task no return stack
};

inline constexpr unsigned port_problem_count = static_cast<unsigned>(PortProblem::no_return_stack) + 1;

/// What a problem is for verdicts.
enum class PortSeverity : std::uint8_t {
  note,       ///< some verdicts are unreliable that need not be
  unchecked,  ///< something was not looked at, and may be wrong
  error,      ///< a verdict may be wrong, or none can be reliable
};

/// One thing that is wrong.
struct PortFinding {
  std::uint64_t address = 0;  ///< where, if that is a place in memory; else 0
  std::uint32_t index = 0;    ///< of what; PortProblem says
  PortProblem problem = PortProblem::no_code;
  std::uint8_t fault = 0;  ///< the number of the enumerator that fault_name() names
};

/// How much was found.
struct PortResult {
  std::size_t found = 0;      ///< all findings, those included for which the buffer had no room
  std::size_t errors = 0;     ///< of these, the errors
  std::size_t unchecked = 0;  ///< of these, what was not looked at

  /// True if all was looked at, and no verdict is wrong or unreliable for what was found.
  [[nodiscard]] constexpr bool is_good() const noexcept { return errors == 0 && unchecked == 0; }
};

/// What the kernel is held against. All of it is read during the check only.
struct PortFacts {
  /// VBAR_ELx, read from the register.
  std::uint64_t vectors = 0;
  /// SCTLR_ELx, read from the register: its bits EnIA and EnIB say whether return addresses are signed [arm-arm,
  /// SCTLR_EL1]. 0 if it is not told.
  std::uint64_t system_control = 0;
  /// Tasks whose final records have been written, with the stacks of a CPU or without.
  std::span<const Task> tasks{};
  /// The regions of which the code map was to be made; needed only if they may have been refused. If there are none,
  /// those of the code map are looked at.
  std::span<const Region> regions{};
  /// True if code can be executed and not read. What needs it is then reported as not looked at.
  bool is_code_execute_only = false;
};

/// Checks a port, writes as many findings as have room, and counts all. Of a problem of a region's tables only the
/// first place in the region is told.
///
/// Once at boot, by an ordinary context with the MMU on; not from an NMI. Reads the description, the facts and all that
/// they refer to, every instruction of every region, and each task's final record, through Task::memory where there is
/// one. Loops are bounded by the sizes of regions, tables and sets of stacks: O(text + tasks^2). It changes nothing.
[[nodiscard]] PortResult check_port(const KernelDescription& description, const PortFacts& facts,
                                    std::span<PortFinding> findings) noexcept;

/// What the problem is for verdicts. Any context.
[[nodiscard]] PortSeverity severity_of(PortProblem problem) noexcept;

/// Names, equal to the spelling of the enumerators; never null. Any context.
[[nodiscard]] const char* to_string(PortProblem problem) noexcept;
[[nodiscard]] const char* to_string(PortSeverity severity) noexcept;
/// The name of a finding's fault: of what Kernel::make() or CodeMap::make() refuses. Empty for other problems; never
/// null. Any context.
[[nodiscard]] const char* fault_name(const PortFinding& finding) noexcept;

}  // namespace surefoot
