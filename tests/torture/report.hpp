// SPDX-License-Identifier: MIT
//
// What the kernel prints: failures as they happen, and a table in the end.
#pragma once

#include <cstdint>
#include <span>

#include "surefoot/surefoot.hpp"
#include "surefoot/symbols.hpp"
#include "torture/changes.hpp"
#include "torture/counts.hpp"
#include "torture/record.hpp"
#include "torture/samples.hpp"

namespace torture {

struct Totals {
  Counts counts;
  Changes changes;
  Samples samples;
  std::uint64_t starts = 0;
  std::uint64_t migrations = 0;
  std::uint64_t milliseconds = 0;
};

/// With names from this table.
void prepare_report(const surefoot::Symbols& symbols) noexcept;
/// The first few with the trace and the record, which is as it was before the walk.
void report_failure(Failure failure, Seen seen, const surefoot::Trace& trace, const Snapshot& record) noexcept;
/// Prints the table. False if something happened that must not, or if something never happened that must.
[[nodiscard]] bool report(const Totals& totals) noexcept;
/// True if all has happened that must.
[[nodiscard]] bool is_complete(const Totals& totals) noexcept;

}  // namespace torture
