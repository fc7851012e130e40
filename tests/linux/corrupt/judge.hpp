// SPDX-License-Identifier: MIT
//
// What became of a trace when a word was changed, and whether that may be.
#pragma once

#include <cstdint>

#include "victim.hpp"

namespace corrupt_dump {

enum class Outcome : std::uint8_t {
  same,         ///< the same frames and the same verdict
  unreliable,   ///< whatever its frames
  same_frames,  ///< reliable with the frames of before
  // Reliable with one other frame: the word is a return address, control does return there, and goes on as the trace
  // says, since the frames have one size (docs/reliability.md, "What is left").
  returns_in_function,      ///< behind another call of the same function
  returns_behind_register,  ///< behind a call by a register
  returns_behind_same,      ///< behind another call of the function inside
  returns_behind_veneer,    ///< behind a call of a veneer, which may lead to any function
  exception,  ///< reliable with other frames: the word is one that an exception has saved, which is believed
  wrong,      ///< reliable with other frames
};
inline constexpr unsigned outcome_count = 9;

[[nodiscard]] const char* to_string(Outcome outcome);

/// `word` has the address and the old value; `before` and `after` are of one policy.
[[nodiscard]] Outcome judge(DumpedLinux& dump, const ChangedWord& word, std::uint64_t value, const TaskTrace& before,
                            const TaskTrace& after);

[[nodiscard]] bool has_same_frames(const TaskTrace& a, const TaskTrace& b);

}  // namespace corrupt_dump
