// SPDX-License-Identifier: MIT
//
// Hazard S4: panics that meet.
#pragma once

namespace torture {

/// Lets two CPUs panic at the same time, each again in the middle of its report. Requires that the others are started.
[[noreturn]] void panic_twice_on_two_cpus() noexcept;

}  // namespace torture
