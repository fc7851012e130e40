// SPDX-License-Identifier: MIT
//
// What the demonstration runs beside what all such images run: its system calls and its modules.
#include "scenarios/list.hpp"

namespace demo {
namespace {

constexpr const Scenario* own[] = {
    &svc_from_user,
    &svc_from_user_calls,
    &from_user_frame,
    &module_call,
    &module_special,
    &module_interrupted,
    &module_interrupted_early,
    &module_interrupted_large,
    &module_unloaded,
    &modules_change_during_walk,
    &modules_change_by_interrupts,
};

}  // namespace

constinit const std::span<const Scenario* const> own_scenarios = own;

}  // namespace demo
