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
  std::uint64_t cut = 0;           ///< of all wrong ones: control returns to the first frames, and then to nothing more
};

/// A wrong one, for people.
struct Example {
  std::string capture;
  std::string mutation;
  std::string row;
  bool is_strict = false;
  bool is_cut = false;
  std::string witnesses;
  std::vector<Memory::Change> changes;
  std::vector<std::uint64_t> values;  ///< that the changed words have since
  std::vector<std::uint64_t> found;
  Truth truth;
};

/// What a capture is of.
enum class CaptureKind : std::uint8_t {
  plain,    ///< calls alone
  varying,  ///< the same, some by functions that give their frame back by x29, because sp varies in them
  special,  ///< exceptions, trampolines or hooks as well; or no walk is reliable there
};
inline constexpr std::size_t capture_kind_count = 3;

/// Mutations of one kind.
struct Row {
  std::string name;
  /// True of one changed word where calls alone were captured: with the frame table's chain and the call site no frame
  /// may be wrong or missing there.
  bool is_promised = false;
  std::uint64_t mutations = 0;
  std::vector<Counts> counts = std::vector<Counts>(witness_sets().size());  ///< by set of witnesses
};

struct Report {
  std::vector<Row> rows;                 ///< one word: by kind of capture and role; then by class
  std::vector<std::uint64_t> mutations;  ///< by class
  std::vector<Example> examples;
  Misdeeds misdeeds;
  std::uint64_t captures = 0;
  std::uint64_t of_kind[capture_kind_count] = {};
  std::uint64_t not_reliable = 0;    ///< captures that policy exact finds unreliable as they are
  std::uint64_t judged_without = 0;  ///< mutations of which the truth is not known
  std::uint64_t differing = 0;       ///< walks that found other frames here than by foreign memory
  std::uint64_t outside_code = 0;    ///< reliable traces with an address that is no code
  std::vector<std::string> broken;   ///< captures of which the truth is not what the scenario says

  Report();
  /// What is not as it must be, a line each.
  [[nodiscard]] std::vector<std::string> failures() const;
};

/// Makes so many mutations of the capture. `examples`: the most that are kept of one class and set.
void judge(const Capture& capture, Code& code, std::uint64_t mutations, std::uint64_t seed, std::size_t examples,
           Report& report);

}  // namespace corrupt
