// SPDX-License-Identifier: MIT
//
// What the platform's own test is made of.
#pragma once

namespace kernel::selftest {

/// Prints one line, `ok NAME` or `FAILED NAME`, and remembers a failure.
void check(const char* name, bool passed) noexcept;

void check_memory() noexcept;
void check_exceptions() noexcept;
void check_protection() noexcept;
void check_interrupts() noexcept;
void check_tasks() noexcept;
void check_overflow() noexcept;
void check_user() noexcept;

}  // namespace kernel::selftest
