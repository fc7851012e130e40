// SPDX-License-Identifier: MIT
//
// The code of a Linux kernel that a frame record does not describe: exception entry, trampolines, hooks, code that runs
// at other addresses or another level. Linux keeps no table of it; it is found by the names of its symbols, and in the
// instructions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "linux/layouts.hpp"
#include "linux/symbols.hpp"
#include "surefoot/special_ranges.hpp"

namespace surefoot::tools {

/// The instruction at an address, if the image has one there.
using ReadInstruction = std::function<std::optional<std::uint32_t>(std::uint64_t address)>;

struct SpecialCode {
  std::vector<SpecialRange> ranges;  ///< by rising start, none overlapping
  /// Calls that are made with a record of their own function in x29, although nobody calls that function.
  std::vector<std::uint64_t> calls_with_record;
  /// Calls that are made with the task's final record in x29: by EL0's entry, by new tasks, at a CPU's start.
  /// Ascending.
  std::vector<std::uint64_t> outermost_calls;
  std::uint64_t return_to_handler = 0;  ///< the hook of the function-graph tracer; 0 if the kernel has none
  std::uint64_t kretprobe_hook = 0;
  std::uint64_t rethook_hook = 0;
  std::uint64_t new_task = 0;  ///< ret_from_fork: where a task that never ran begins
};

[[nodiscard]] SpecialCode find_special_code(const KernelSymbols& symbols, const ReadInstruction& instruction,
                                            const Layouts& layouts);

/// The calls without a record that a table has, but for special code and for calls with a record.
[[nodiscard]] std::vector<SpecialRange> remaining_calls(const std::vector<AddressRange>& calls,
                                                        const SpecialCode& special);

}  // namespace surefoot::tools
