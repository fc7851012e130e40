// SPDX-License-Identifier: MIT
//
// Scenarios that only some of these kernels have.
#pragma once

#include "scenarios/scenario.hpp"

namespace demo {

// guest.cpp
extern const Scenario guest_call;
extern const Scenario from_guest_frame;
extern const Scenario guest_interrupted;
extern const Scenario guest_preempted;
// far.cpp
extern const Scenario far_call;
extern const Scenario far_brk;
extern const Scenario irq_in_veneer;
// shadow_call_stack.cpp
extern const Scenario return_address_changed;

}  // namespace demo
