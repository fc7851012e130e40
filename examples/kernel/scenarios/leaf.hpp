// SPDX-License-Identifier: MIT
//
// A function that no compiler would have to make so: a patchable leaf without a frame record.
#pragma once

extern "C" {
/// Lets a pending interrupt in for one instruction. Interrupts are masked before and after.
void demo_interruptible_leaf() noexcept;
}
