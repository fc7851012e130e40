// SPDX-License-Identifier: MIT
//
// A state that is tried where no path leads. Code that returns, or that goes on into code to which a path leads, tells
// what it was entered with: sp and x29 move by the same amounts whatever they are.
#pragma once

#include <algorithm>
#include <cstdint>
#include <unordered_set>
#include <vector>

#include "flow/state.hpp"
#include "flow/testimony.hpp"

namespace surefoot::tools {

/// What comes of a trial, and what has to be taken back behind it.
class Trial {
 public:
  /// With a testimony, that confirms if it agrees everywhere. It must outlive the trial.
  explicit Trial(const Testimony* testimony) : testimony_(testimony) {}

  /// A path of the trial comes to a place of which `known` is known, or nothing. False if it is not to go on from
  /// there: what was known before is not changed, and says whether the trial is right.
  bool reaches(std::uint64_t address, const State* known, const State& state);
  /// An instruction to which no path has led so far.
  void see(std::uint64_t address) { seen_.push_back(address); }
  /// A place gets a state of its own.
  void split(std::uint64_t address) {
    if (std::ranges::find(seen_, address) != seen_.end()) reached_.insert(address);
  }
  /// A path ends in a return or a tail call, which is as it has to be, or not.
  void end(bool is_right) { (is_right ? has_agreed_ : is_refuted_) = true; }
  void refute() { is_refuted_ = true; }
  [[nodiscard]] bool agrees_with_testimony(const State& state, std::uint64_t pc) const;

  [[nodiscard]] bool is_refuted() const { return is_refuted_; }
  [[nodiscard]] bool is_confirmed() const { return !is_refuted_ && (has_agreed_ || testimony_ != nullptr); }
  /// Places that had no state before.
  [[nodiscard]] const std::unordered_set<std::uint64_t>& reached() const { return reached_; }
  [[nodiscard]] const std::vector<std::uint64_t>& seen() const { return seen_; }

 private:
  const Testimony* testimony_;
  std::unordered_set<std::uint64_t> reached_;
  std::vector<std::uint64_t> seen_;  // none twice
  bool has_agreed_ = false;
  bool is_refuted_ = false;
};

/// True if what the two say of sp, x29, the return address and the caller's x29 is the same.
[[nodiscard]] bool is_same_frame(const State& known, const State& tried);

}  // namespace surefoot::tools
