// SPDX-License-Identifier: MIT
//
// A random program that really runs: calls, traced calls, changes of stack and exceptions build a chain of which the
// truth is known. Then damage is done to it, of a kind that leaves a sign.
#pragma once

#include <array>

#include "support/context.hpp"
#include "support/flat_memory.hpp"
#include "support/program_table.hpp"
#include "support/random_source.hpp"
#include "surefoot/start.hpp"

namespace surefoot::testing {

/// A task that is stopped in a call. Not copied: its context refers to it.
class TrueChain {
 public:
  explicit TrueChain(RandomSource& random);
  TrueChain(const TrueChain&) = delete;
  TrueChain& operator=(const TrueChain&) = delete;

  /// Does some damage after which a trace must not be called reliable unless it is still the truth.
  void damage();

  FlatMemory memory;
  Registers start{};
  Context context;
  /// The pcs to which the task will return, the innermost first.
  std::vector<std::uint64_t> truth;
  std::size_t buffer_size = 256;
  bool crossed_exception = false;

  /// True if nothing is in the way of a reliable verdict, damage left aside.
  [[nodiscard]] bool is_known() const {
    const bool is_plain = !crossed_exception && traced_.empty();
    return is_plain || (context.policy == Policy::exact && !crossed_unknown_code_);
  }

 private:
  struct Record {
    std::uint64_t at;
    std::uint64_t return_address;
    bool is_traced;
  };

  // A call that is in a tracer.
  struct Traced {
    std::uint64_t registers_at;  // {fp, lr} as the function will get them back
    std::size_t parent;          // the index in the truth, the outermost at 0, of where it returns to
  };

  void call(const ReturnEntry* hooks, std::size_t hook_count, std::uint64_t return_address);
  void call_ordinary();
  void call_traced();
  std::uint64_t call_leaf();
  void trace_call();
  void interrupt_a_push();
  void take_exception();
  void change_stack();
  void leave_gap();
  [[nodiscard]] bool has_room(std::size_t words) const { return used_ + words + 8 <= stack().words.size(); }
  [[nodiscard]] FlatStack& stack() { return memory.stacks[stack_index_]; }
  [[nodiscard]] const FlatStack& stack() const { return memory.stacks[stack_index_]; }
  std::uint64_t push_word(std::uint64_t value);
  [[nodiscard]] std::uint64_t& word_at(std::uint64_t address);
  std::uint64_t random_return_address();

  void damage_records();
  void skip_a_traced_record();
  void damage_saved_registers();
  void damage_return_stack();
  void damage_context();
  [[nodiscard]] std::vector<ReturnEntry> entries() const;
  void replace_entries(const std::vector<ReturnEntry>& entries);

  RandomSource& random_;
  const bool has_table_;  // frames are then aligned, as they are in compiled code
  bool crossed_unknown_code_ = false;
  std::size_t stack_index_ = 0;
  std::size_t used_ = 0;  // words of the present stack, from its top
  std::uint64_t fp_ = 0;
  std::vector<Record> records_;  // the outermost first
  std::vector<Traced> traced_;
  std::vector<std::uint64_t> pstates_;  // where those of crossed exceptions are
  std::vector<Stack> stacks_;
  std::array<AddressRange, 1> text_;
  std::array<ReturnEntry, 64> storage_;
  ReturnStack return_stack_{storage_};
};

}  // namespace surefoot::testing
