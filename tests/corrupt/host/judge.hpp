// SPDX-License-Identifier: MIT
//
// Walks of a mutated capture, compared with what control would return to, and counted.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "control.hpp"
#include "mutations.hpp"
#include "scene.hpp"

namespace corrupt {

/// Of one class of mutations and one set of witnesses.
struct Counts {
  std::uint64_t reliable = 0;
  std::uint64_t wrong = 0;         ///< reliable by policy exact, and not what control returns to
  std::uint64_t wrong_strict = 0;  ///< of these, reliable by policy strict as well
  std::uint64_t refused = 0;       ///< of these, control returns to all of the frames but for a refused authentication
};

/// A wrong one, for people.
struct Example {
  std::string capture;
  std::string mutation;
  std::string witnesses;
  std::vector<Memory::Change> changes;
  std::vector<std::uint64_t> values;  ///< that the changed words have since
  std::vector<std::uint64_t> found;
  Truth truth;
};

struct Report {
  std::vector<std::uint64_t> mutations;     ///< by class
  std::vector<std::vector<Counts>> counts;  ///< by class, then by set of witnesses
  std::vector<Example> examples;
  Misdeeds misdeeds;
  std::uint64_t captures = 0;
  std::uint64_t not_reliable = 0;   ///< captures that policy exact finds unreliable as they are
  std::uint64_t judged_without = 0;  ///< mutations of which the truth is not known
  std::uint64_t differing = 0;      ///< walks that found other frames here than by foreign memory
  std::vector<std::string> broken;  ///< captures of which the truth is not what the scenario says

  Report();
};

/// Makes so many mutations of the capture. `examples`: the most that are kept of one class and set.
void judge(const Capture& capture, Code& code, std::uint64_t mutations, std::uint64_t seed, std::size_t examples,
           Report& report);

}  // namespace corrupt
