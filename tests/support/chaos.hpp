// SPDX-License-Identifier: MIT
//
// Random memory that looks enough like stacks for a walk to get far in it, and wrong enough for it to stop anywhere.
#pragma once

#include <array>

#include "support/context.hpp"
#include "support/flat_memory.hpp"
#include "support/oracle.hpp"
#include "support/program_table.hpp"
#include "support/random_source.hpp"

namespace surefoot::testing {

/// A random task. Not copied: its context refers to it.
class Chaos {
 public:
  explicit Chaos(RandomSource& random);
  Chaos(const Chaos&) = delete;
  Chaos& operator=(const Chaos&) = delete;

  FlatMemory memory;
  OracleStart start;
  Context context;
  const SlowFrameTable* frame_table = nullptr;  ///< the context's, as the oracle reads it

 private:
  std::uint64_t random_stack_address();
  std::uint64_t random_code_address();
  std::uint64_t random_word();
  void add_stack(std::uint64_t base);
  std::uint64_t plant_record(FlatStack& stack, std::size_t index, std::uint64_t caller_at);
  std::uint64_t plant_ftrace_frame(FlatStack& stack, std::size_t index, std::uint64_t caller_at);
  bool is_nasty(unsigned percent);
  void plant_exception_frame(FlatStack& stack, std::size_t index);
  void plant_return_entries();

  RandomSource& random_;
  const bool is_calm_;
  std::uint64_t exception_at_ = 0;  // the metadata record of the present stack's exception frame; 0 if it has none
  std::vector<Stack> stacks_;
  std::array<AddressRange, 2> text_;
  std::array<ReturnEntry, 24> storage_;
  ReturnStack return_stack_{storage_};
  std::vector<ReturnEntry> planted_;  // oldest first
};

}  // namespace surefoot::testing
