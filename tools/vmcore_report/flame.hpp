// SPDX-License-Identifier: MIT
//
// The tasks of a dump as one tree of stacks, for a flame graph of what they all wait in.
#pragma once

#include <expected>
#include <string>

#include "linux/trace.hpp"
#include "profile/stacks.hpp"

namespace surefoot::tools {

/// A stack for each task: its process, then its functions from the outermost on. An error, in one line, if there are
/// too many different ones.
[[nodiscard]] std::expected<StackTree, std::string> stacks_of(const DumpReport& report);

/// A flame graph of them that a browser shows by itself.
[[nodiscard]] std::string flame_graph_of(const DumpReport& report, const StackTree& tree);

}  // namespace surefoot::tools
