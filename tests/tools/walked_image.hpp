// SPDX-License-Identifier: MIT
//
// An image as a kernel has it: with the tables that are derived from it, and a task that runs its code on a machine and
// is walked in front of each instruction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "elf/image.hpp"
#include "rules/rules.hpp"
#include "surefoot/surefoot.hpp"

namespace surefoot::tools::testing {

/// How often, and where a walk was not what it should have been.
struct Judgement {
  std::size_t steps = 0;
  std::map<std::string, std::size_t> visited;  ///< the instructions, as function+offset
  std::map<std::string, std::size_t> exact_unreliable;
  std::size_t calls_reliable = 0;  ///< walks from a call, under the strict policy
  std::size_t calls_unreliable = 0;
  std::vector<std::string> false_reliable;      ///< under either policy: what was found, and the truth
  std::vector<std::string> strict_without_all;  ///< unreliable, as it has to be, and frames are missing or invented
  std::vector<std::string> wild_reads;          ///< outside the stacks, or below sp
};

/// How an execution begins, and what happens in it beside the instructions.
struct Execution {
  /// Its address is in x8: define_root in rules.inc calls that.
  std::string function{};
  /// The outermost function, where it begins.
  std::string root = "root";
  std::uint64_t x0 = 0;
  /// Of the instruction at the first offset in the function: control goes to the second instead. A branch that was
  /// patched, a fault that was mended, a break that was gone on from.
  std::map<std::uint64_t, std::uint64_t> detours{};
  /// A function that is in x2, if any; x1 is the top of another stack of the task.
  std::string x2{};
  /// An offset in the function, whose address is in the word that x0 points to.
  std::optional<std::uint64_t> label{};
};

class WalkedImage {
 public:
  /// `change` changes the rules before the tables are written.
  explicit WalkedImage(const std::string& name, const std::function<void(FunctionRules&)>& change = {});
  WalkedImage(const WalkedImage&) = delete;
  WalkedImage& operator=(const WalkedImage&) = delete;

  [[nodiscard]] const Image& image() const { return image_; }
  [[nodiscard]] Judgement judge(const Execution& run) const;
  /// The instructions of a function, as Judgement writes them.
  [[nodiscard]] std::vector<std::string> instructions_of(const std::string& function) const;

 private:
  [[nodiscard]] std::string place(std::uint64_t pc) const;

  Image image_;
  std::vector<std::byte> frames_;
  std::vector<SpecialRangeEntry> calls_;
  Region region_;
  std::vector<Interval> intervals_;
  CodeMap map_;
};

}  // namespace surefoot::tools::testing
