// SPDX-License-Identifier: MIT
//
// A kernel and a task of any sort that the library accepts, in memory that is really there: several regions with all
// their tables, any layout of exception frames, both sets of stacks, several return stacks, every start. Their contents
// are arbitrary, and look enough like stacks for a walk to get far.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "support/frame_table_section.hpp"
#include "support/random_source.hpp"
#include "surefoot/surefoot.hpp"

namespace surefoot::testing {

/// Not copied: what it holds refers to itself. One at a time: all use the same memory, so that addresses stay.
class AnyWorld {
 public:
  explicit AnyWorld(RandomSource& random);
  AnyWorld(const AnyWorld&) = delete;
  AnyWorld& operator=(const AnyWorld&) = delete;

  [[nodiscard]] const Kernel& kernel() const { return *kernel_; }
  [[nodiscard]] Task task(const ForeignMemory* memory) const;
  [[nodiscard]] const Start& start() const { return *start_; }

  /// True if a walk was given leave to read the word: in a stack, in the exception frame that it starts at, and with
  /// the call-site witness in code.
  [[nodiscard]] bool may_read(std::uint64_t address) const;
  /// The word, which is there.
  [[nodiscard]] std::uint64_t word_at(std::uint64_t address) const;

  // What the kernel and the task are made of.
  std::vector<Region> regions;
  KernelDescription description;
  std::vector<Stack> own_stacks;
  std::vector<Stack> cpu_stacks;
  std::uint64_t final_record_at = 0;
  std::vector<const ReturnStack*> return_stacks;
  Registers registers{};
  TaskActivity activity;
  std::uint64_t frame_at = 0;

 private:
  // The tables of one region.
  struct Tables {
    std::vector<SpecialRange> special;
    std::vector<SpecialRange> calls;
    SectionBytes section;
    std::vector<std::uint64_t> sites;
  };

  void add_region(std::uint64_t start, std::uint64_t size);
  void describe_kernel();
  void add_stacks();
  void add_return_stacks();
  void fill();
  void choose_start();
  [[nodiscard]] Rule random_rule();
  [[nodiscard]] SectionRow random_row(std::uint64_t function);
  [[nodiscard]] std::uint64_t code_address();
  [[nodiscard]] std::uint64_t stack_address();
  [[nodiscard]] std::uint64_t random_word();

  RandomSource& random_;
  const bool is_narrow_;  // most addresses are in two functions: a leaf, and one that finds its caller by slots
  std::deque<Tables> tables_;
  std::vector<Interval> intervals_;
  CodeMap code_;
  std::optional<Kernel> kernel_;
  StackSet own_set_;
  StackSet cpu_set_;
  std::array<std::array<ReturnEntry, 6>, max_return_stacks + 1> entries_{};
  std::deque<ReturnStack> return_objects_;
  std::optional<Start> start_;
};

}  // namespace surefoot::testing
