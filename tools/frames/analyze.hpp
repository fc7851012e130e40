// SPDX-License-Identifier: MIT
//
// Follows sp, x29, x30 and the slots that hold the caller's pair over the control flow of one function.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "elf/image.hpp"
#include "frames/state.hpp"

namespace surefoot::tools {

/// What was found out about one function.
struct Analysis {
  /// The state before each instruction, one for each word from the function's start to its end. Empty where no path
  /// that could be followed leads, or where the paths that do disagree on all that matters.
  std::vector<std::optional<State>> states;
  /// Why some are empty, or may be: one line each, with the address. For people.
  struct Remark {
    std::uint64_t address = 0;
    std::string text;
  };
  std::vector<Remark> remarks;
  /// Addresses of calls (BL, BLR and their kind) that are made while x29 is still the caller's: a walk from the callee
  /// would miss this function's caller.
  std::vector<std::uint64_t> calls_without_record;
  /// Addresses of calls made while x29 points to a record that is not {caller's fp, caller's lr}.
  std::vector<std::uint64_t> calls_with_wrong_record;
  /// True if the function's last instruction is a call: it never returns, and its return address is the next function.
  bool ends_in_call = false;
};

/// Functions that never return; a call of one ends a path.
using NoreturnFunctions = std::unordered_set<std::uint64_t>;

[[nodiscard]] Analysis analyze(const Image& image, const Function& function, const NoreturnFunctions& noreturn);

/// Finds the functions of the image that never return: by well-known names, and those all of whose paths end in a call
/// of one, to a fixed point.
[[nodiscard]] NoreturnFunctions find_noreturn(const Image& image);

}  // namespace surefoot::tools
