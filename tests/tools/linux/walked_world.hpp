// SPDX-License-Identifier: MIT
//
// The reading of a DumpWorld as `surefoot vmcore` reads its core file.
#pragma once

#include <cstdint>
#include <expected>
#include <ostream>
#include <string>
#include <vector>

#include "linux/read_dump.hpp"
#include "linux/trace.hpp"
#include "support/dump_world.hpp"

namespace surefoot::testing {

/// A request for this world, whose core is in the file, with its own kernel's file and without a cache.
[[nodiscard]] tools::DumpRequest request_of(const DumpWorld& world, const TestFile& file, Policy policy);

/// All tasks. Ends the test program if there are none.
[[nodiscard]] tools::DumpReport read_world(DumpWorld& world, Policy policy);
/// The same, or the error.
[[nodiscard]] std::expected<tools::DumpReport, std::string> try_world(DumpWorld& world, Policy policy);

/// The trace of the task with that pid; ends the test program if there is none. Of several idle tasks the first CPU's.
[[nodiscard]] tools::TaskTrace trace_of(const tools::DumpReport& report, std::int64_t pid);
[[nodiscard]] tools::TaskTrace walk_in(DumpWorld& world, std::int64_t pid, Policy policy);

[[nodiscard]] std::vector<std::uint64_t> pcs_of(const tools::TaskTrace& trace);
[[nodiscard]] std::vector<std::string> functions_of(const tools::TaskTrace& trace);
/// All of a trace, for a test that fails.
[[nodiscard]] std::string text_of(const tools::TaskTrace& trace);

/// True if one of the texts contains this.
[[nodiscard]] bool is_said(const std::vector<std::string>& texts, const std::string& what);

}  // namespace surefoot::testing
