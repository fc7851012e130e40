// SPDX-License-Identifier: MIT
//
// The registers, stacks and return stack of one case, and a reader that counts what a walk should not read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "surefoot/surefoot.hpp"
#include "trampoline_case.hpp"
#include "trampoline_program.hpp"

namespace surefoot::testing {

/// What a walk found.
struct Found {
  std::vector<Frame> frames;
  Verdict verdict;
  std::size_t wild_reads = 0;  ///< outside the stacks, below the sp that counts, or misaligned
};

/// The state of a case. Each register and each word that the row says nothing of has a value of its own: registers that
/// of an instruction somewhere in text, so that a walk which takes the wrong one is not saved by the look of it.
class TrampolineScene {
 public:
  explicit TrampolineScene(const Case& the_case);

  [[nodiscard]] Found walk_it(const SpecialRanges& ranges, Policy policy);

  /// What the register `number` holds, unless the state says something else.
  [[nodiscard]] static std::uint64_t brand(unsigned number);

 private:
  class Reader;

  void brand_all();
  void make_chain_above();
  void push(std::uint64_t return_address, std::uint64_t key, std::uint64_t hook);
  void push_passed();
  void enter_trampoline();
  void run_tracers();
  void enter_handler();
  void leave_handler();
  [[nodiscard]] Start enter_from();
  [[nodiscard]] Start call_from_boundary(std::uint64_t frame_at);

  [[nodiscard]] std::uint64_t& at(std::uint64_t address);
  void record(std::uint64_t address, std::uint64_t fp, std::uint64_t lr);

  const Case& case_;
  const Program& program_;
  std::array<std::uint64_t, (task_stack_end - task_stack) / 8> task_words_;
  std::array<std::uint64_t, (irq_stack_end - irq_stack) / 8> irq_words_;
  ExceptionFrame registers_{};
  std::uint64_t passed_ = 0;       // the return address that F was called with
  std::uint64_t lowest_read_ = 0;  // in the task's stack
  std::array<ReturnEntry, 8> storage_{};
  ReturnStack returns_{storage_};
};

}  // namespace surefoot::testing
