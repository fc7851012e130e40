// SPDX-License-Identifier: MIT
//
// What the sweep prints. tests/image/host/explain_failure.cpp reads the lines of a failure.
#pragma once

#include <cstdint>

#include "surefoot/symbols.hpp"
#include "surefoot/walk.hpp"
#include "sweep/code_map.hpp"
#include "sweep/counts.hpp"
#include "sweep/truth.hpp"

namespace sweep {

/// Before anything else here.
void initialize_report(const surefoot::Symbols& symbols) noexcept;
/// Whose failures are reported from now on.
void set_workload(const char* workload, const char* mode) noexcept;

/// Prints a wrong walk at a step; only the first few in a run.
void report_failure(const char* what, const surefoot::ExceptionFrame& frame, const surefoot::Trace& trace,
                    bool from_call, const Truth& truth) noexcept;
/// The truth was refuted at this step.
void report_broken_truth(const surefoot::ExceptionFrame& frame, const Truth& truth) noexcept;
/// Something else is wrong with the workload.
void report_broken(const char* what) noexcept;

/// `sweep NAME steps=N ...`; without a mode, the name is just the workload's.
void print_counts(const char* workload, const char* mode, const Counts& counts) noexcept;
/// The steps that were not exact and need not be, by hazard.
void print_excepted(const Counts& counts) noexcept;
/// The functions in which a walk was not exact, with how many of their instructions and how often.
void print_inexact(const CodeMap& code) noexcept;
/// How many functions the compiler's outliner has made of parts of others, and in how many of them a step has been.
/// Prints nothing if there is none.
void print_outlined(const CodeMap& code) noexcept;
/// Prints the instructions of trampolines that no step has reached, and so proves nothing about; how many.
[[nodiscard]] std::uint64_t print_unreached(const CodeMap& code) noexcept;

}  // namespace sweep
