// SPDX-License-Identifier: MIT
//
// Follows sp, x29, x30 and the slots that hold the caller's pair over the control flow of functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "code/vocabulary.hpp"
#include "elf/image.hpp"
#include "flow/declared_ways.hpp"
#include "flow/landing_pads.hpp"
#include "flow/noreturn.hpp"
#include "flow/state.hpp"
#include "flow/testimony.hpp"
#include "flow/transfer.hpp"
#include "work/in_order.hpp"

namespace surefoot::tools {

/// What was found out about one function.
struct FunctionStates {
  /// The state before each instruction, one for each word from the function's start to its end. Empty where no path
  /// that could be followed leads.
  StateList states;
  /// Where the flow could not be followed, and what does not fit a function: for people.
  struct Remark {
    std::uint64_t address = 0;
    std::string text;
  };
  std::vector<Remark> remarks;
  /// Addresses of calls that are made while x29 is still the caller's: a walk from the callee would miss this
  /// function's caller.
  std::vector<std::uint64_t> calls_without_record;
  /// Addresses of calls made while x29 points to anything but {caller's fp, caller's lr}.
  std::vector<std::uint64_t> calls_with_wrong_record;
  /// Barriers, NOPs and zeros to which nothing leads but what goes elsewhere, by rising address: nothing runs them.
  std::vector<std::uint64_t> filling;
  /// Where it goes on outside of its group.
  struct WayOut {
    std::uint64_t target = 0;
    bool is_like_call = false;  ///< a function there finds what a call would leave
  };
  std::vector<WayOut> ways_out;
  /// True if it leaves sp or x29 other than it found it: not a function for those that call it.
  bool is_unbalanced = false;
  /// What it does to sp and x29, if that is the same at all ends of its group, tail calls included.
  std::optional<CallEffect> effect;
  /// Where its calls lead, and the jumps that do not stay in it, by rising address, none twice.
  std::vector<std::uint64_t> targets;
  /// True if the function's last instruction is a call: it never returns, and its return address is the next function.
  bool ends_in_call = false;
};

/// Encodings of one group that nobody has given a meaning to: what they do is not known.
struct UnknownEncodings {
  std::uint32_t group = 0;  ///< bits 31 to 25
  std::uint64_t first = 0;  ///< where the first is
  std::size_t count = 0;
};

/// Functions that leave sp or x29 other than they found it, by their starts: what they do, if that is known. Compilers
/// outline beginnings and ends of functions that way.
using UnbalancedFunctions = std::unordered_map<std::uint64_t, std::optional<CallEffect>>;

/// Functions that share code, as indices into StateDerivation::functions(): most are alone, cold parts are with what
/// jumps there.
using Group = std::vector<std::size_t>;

struct Surroundings;
struct Member;

class StateDerivation {
 public:
  /// All must outlive it.
  StateDerivation(const Image& image, const NoreturnFunctions& noreturn, const LandingPads& landing_pads,
                  const DeclaredWays& ways, const Testimony& testimony, const Work& work = {});

  /// Those of the image, and code outside of them that they jump to and that jumps back: linkers move instructions
  /// there that would meet an erratum of a CPU. By rising start.
  [[nodiscard]] const std::vector<Function>& functions() const { return functions_; }
  /// Each function is in one group; by the first function's address.
  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  /// True for a function that leaves sp or x29 other than it found it.
  [[nodiscard]] bool is_unbalanced(std::uint64_t start) const { return unbalanced_.contains(start); }
  /// Those in functions, a value for each group.
  [[nodiscard]] const std::vector<UnknownEncodings>& unknown_encodings() const { return unknown_encodings_; }
  /// One result for each function of the group.
  [[nodiscard]] std::vector<FunctionStates> derive(const Group& group) const;

 private:
  using Ways = std::vector<FunctionStates::WayOut>;
  using Targets = std::vector<std::uint64_t>;
  using Starts = std::unordered_set<std::uint64_t>;  // of functions

  // What matters of a group to others.
  struct Effects {
    Ways ways;
    Targets targets;
  };

  [[nodiscard]] Surroundings surroundings(const UnbalancedFunctions& unbalanced) const;
  [[nodiscard]] std::vector<Member> members_of(const Group& group) const;
  void read_words(std::uint64_t start, std::uint64_t end);
  void look_around(const Work& work);
  void keep_effects(std::size_t group, const std::vector<FunctionStates>& results, Starts& changed);
  void note_balance(std::uint64_t start, const FunctionStates& found, Starts& changed);
  [[nodiscard]] bool is_known_unbalanced(const std::vector<FunctionStates>& results) const;
  [[nodiscard]] std::vector<std::size_t> find_callers_of(const Starts& starts) const;
  void find_entered_otherwise();
  [[nodiscard]] std::size_t index_of(const Group& group) const;

  const Image& image_;
  const NoreturnFunctions& noreturn_;
  const LandingPads& landing_pads_;
  const DeclaredWays& ways_;
  const Testimony& testimony_;
  std::vector<Function> functions_;
  std::vector<Group> groups_;
  std::vector<bool> is_entered_otherwise_;  // of each group
  std::vector<Effects> effects_;            // of each group
  UnbalancedFunctions unbalanced_;
  std::vector<bool> is_entry_;   // of each function: it is called, or nothing is known to jump to its start
  std::vector<bool> is_called_;  // of each function: an instruction calls it
  std::vector<std::uint64_t> inner_entries_;
  Vocabulary vocabulary_;
  std::vector<UnknownEncodings> unknown_encodings_;
};

}  // namespace surefoot::tools
