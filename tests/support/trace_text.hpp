// SPDX-License-Identifier: MIT
//
// Traces as text and as expectations. Tests compare the texts, so that a failure shows both traces, by name, line by
// line.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "surefoot/surefoot.hpp"

namespace surefoot::testing {

/// The result of a walk, or what it should be, with frames of its own.
struct Walked {
  std::vector<Frame> frames;
  Verdict verdict;
};

/// `a,b` by name, or `none`.
[[nodiscard]] std::string text(Evidence evidence);
/// The verdict on one line, then one line for each frame.
[[nodiscard]] std::string text(const Walked& walked);

// Frames, as a test expects them.
[[nodiscard]] Frame from_start(std::uint64_t pc, Evidence evidence = {}, SpecialKind special = SpecialKind::none);
[[nodiscard]] Frame from_record(std::uint64_t pc, Evidence evidence = {}, SpecialKind special = SpecialKind::none);
/// Restored from the return stack: return_address_hooked is added.
[[nodiscard]] Frame from_return_stack(std::uint64_t pc, Evidence evidence = {},
                                      SpecialKind special = SpecialKind::none);
/// A return hook that stays unresolved: an exact pc in a special range.
[[nodiscard]] Frame unresolved(std::uint64_t pc, SpecialKind special = SpecialKind::return_to_handler);
/// Interrupted code of which nothing is known: crossed_exception and unknown_interrupted_code are added.
[[nodiscard]] Frame interrupted(std::uint64_t pc, Source source, Evidence evidence = {},
                                SpecialKind special = SpecialKind::none);

/// A reliable trace of these frames that ends at `final_at`. Its evidence is the frames'.
[[nodiscard]] Walked reliable(std::vector<Frame> frames, std::uint64_t final_at);

/// The part of an unreliable verdict that the frames do not tell.
struct Doubt {
  StopReason stop = StopReason::final_record;
  std::uint64_t stop_at = 0;
  std::size_t first_doubtful = 0;
  Evidence also = {};  ///< evidence of the walk that no frame has
};
[[nodiscard]] Walked unreliable(std::vector<Frame> frames, const Doubt& doubt);

}  // namespace surefoot::testing
