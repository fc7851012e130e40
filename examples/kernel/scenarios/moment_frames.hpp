// SPDX-License-Identifier: MIT
//
// What scenarios expect that interrupt a function at one moment: all that a frame table promises.
#pragma once

#include <array>
#include <span>

#include "scenarios/interrupting.hpp"
#include "scenarios/scenario.hpp"

namespace demo {

/// What a walk from the handler `record` finds, of an interrupt in `function`, which interrupt_at() has called.
constexpr std::array<ExpectedFrames, 9> frames_from(const char* record, const char* function,
                                                    const char* run) noexcept {
  return {{{record},
           {"kernel_handle_interrupt"},
           {"el1h_64_irq"},
           {function},
           {"interrupt_at"},
           {run},
           {"scenario_task"},
           {"kernel_task_begin"},
           {"kernel_task_entry"}}};
}

/// The frames are complete, and in exact they are known to be.
constexpr Expected exact_by(std::span<const ExpectedFrames> frames, surefoot::Evidence besides = {}) noexcept {
  return {surefoot::Reliability::unreliable, surefoot::Reliability::reliable, surefoot::StopReason::final_record,
          at_interrupt | besides, frames};
}

}  // namespace demo
