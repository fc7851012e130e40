// SPDX-License-Identifier: MIT
//
// What each of these kernels runs beside what all such images run.
#include "kernels/list.hpp"

#include "scenarios/list.hpp"

namespace demo {
namespace {

constexpr const Scenario* own[] = {
#ifdef KERNEL_AT_EL2
    &guest_call,
    &from_guest_frame,
    &guest_interrupted,
    &guest_preempted,
#else
    &svc_from_user,
    &svc_from_user_calls,
    &from_user_frame,
#endif
#ifdef KERNEL_HAS_FAR_PARTS
    &far_call,
    &far_brk,
    &irq_in_veneer,
#endif
#ifdef KERNEL_HAS_SHADOW_CALL_STACK
    &return_address_changed,
#endif
};

}  // namespace

constinit const std::span<const Scenario* const> own_scenarios = own;

}  // namespace demo
