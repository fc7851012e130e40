// SPDX-License-Identifier: MIT
//
// The names of what samplers say. Linked only where one is asked for.
#include "surefoot/profile.hpp"

namespace surefoot::profile {

const char* to_string(Outcome outcome) noexcept {
  switch (outcome) {  // No default: -Wswitch names the enumerator that was forgotten.
    case Outcome::recorded: return "recorded";
    case Outcome::full: return "full";
    case Outcome::nested: return "nested";
  }
  return "unknown";
}

const char* to_string(SetupFault fault) noexcept {
  switch (fault) {  // No default: -Wswitch names the enumerator that was forgotten.
    case SetupFault::ring_size: return "ring_size";
    case SetupFault::ring_too_small: return "ring_too_small";
    case SetupFault::frame_count: return "frame_count";
  }
  return "unknown";
}

}  // namespace surefoot::profile
