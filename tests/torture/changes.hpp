// SPDX-License-Identifier: MIT
//
// What changes while the workers work and are walked: tracers and their filters, live patches, modules.
#pragma once

#include <cstdint>

#include "torture/random.hpp"
#include "torture/work.hpp"

namespace torture {

struct Changes {
  std::uint64_t tracers = 0;  ///< registered or unregistered
  std::uint64_t patches = 0;  ///< applied or taken back
  std::uint64_t loads = 0;    ///< modules
  std::uint64_t unloads = 0;
  std::uint64_t postponed = 0;  ///< loads and unloads for which walks left no code map
  std::uint64_t refused = 0;    ///< what must not be
};

/// Once, before the first change.
void prepare_changes(const WorkCode& code) noexcept;
/// Makes one change, whichever. From one task.
void change_something(Random& random, Changes& changes) noexcept;
/// Unregisters what is registered.
void end_changes(Changes& changes) noexcept;

}  // namespace torture
