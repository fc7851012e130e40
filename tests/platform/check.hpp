// SPDX-License-Identifier: MIT
//
// What the platform's own test is made of.
#pragma once

#include <cstdint>

#include "arch/exception_frame.hpp"
#include "surefoot/records.hpp"

namespace kernel::selftest {

/// What some checks depend on: the layout of exception frames that the kernel is built with.
inline constexpr bool has_typed_records = exception_layout.typing == surefoot::RecordTyping::typed;
inline constexpr bool has_sp_in_frame = exception_layout.sp != surefoot::ExceptionLayout::absent;

/// The record of an exception frame.
[[nodiscard]] inline const surefoot::MetadataRecord& record_of(const ExceptionFrame& frame) noexcept {
  // SAFETY: inside the frame, or, of the type word of an untyped record, not read.
  return *reinterpret_cast<const surefoot::MetadataRecord*>(reinterpret_cast<std::uintptr_t>(&frame) +
                                                            exception_layout.record);
}

/// Prints one line, `ok NAME` or `FAILED NAME`, and remembers a failure.
void check(const char* name, bool passed) noexcept;

void check_memory() noexcept;
void check_exceptions() noexcept;
void check_protection() noexcept;
void check_interrupts() noexcept;
void check_tasks() noexcept;
void check_overflow() noexcept;
void check_user() noexcept;
void check_cpus() noexcept;

}  // namespace kernel::selftest
