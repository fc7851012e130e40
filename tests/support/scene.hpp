// SPDX-License-Identifier: MIT
//
// The fixture of the walk tests: stacks, a return stack and the usual program around them. Every walk goes through
// walk() here, which makes the standard assertions.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "support/code_map.hpp"
#include "support/context.hpp"
#include "support/memory.hpp"
#include "support/range_table.hpp"
#include "support/recording_reader.hpp"
#include "support/return_stack_depth.hpp"
#include "support/trace_text.hpp"
#include "surefoot/surefoot.hpp"

namespace surefoot::testing {

/// Walks with a buffer, and again by hand, and asserts what holds for every walk: both agree, it ends, it reads
/// nothing outside the declared stacks, and it reads no more than there is.
[[nodiscard]] Walked checked_walk(const Start& start, const Context& context, const Memory& memory, ReadLog& log,
                                  std::size_t buffer_size = 64);

/// Draw the stacks, push entries, change the context; then walk. The sp of a start is the bottom of the task stack
/// unless a test says otherwise.
class Scene : public ::testing::Test {
 protected:
  Scene();

  /// Pushes an entry for a function that is to return to `return_address`, and whose caller's record is `key`.
  void push(std::uint64_t return_address, const Ref& key, std::uint64_t hook = code::handler);

  [[nodiscard]] std::uint64_t address(const Ref& ref) const { return memory.resolve(ref); }
  [[nodiscard]] Registers registers(std::uint64_t pc, const Ref& fp) const;
  /// Walks from a function that made a call: its return address and its record.
  [[nodiscard]] Walked walk_from(std::uint64_t pc, const Ref& fp, std::size_t buffer_size = 64);
  [[nodiscard]] Walked walk(const Start& start, std::size_t buffer_size = 64);
  void expect(const Walked& expected, const Walked& actual) const { EXPECT_EQ(text(expected), text(actual)); }

  Memory memory;
  StackImage& task;
  StackImage& irq;
  StackImage& overflow;
  ReadLog log;
  std::vector<AddressRange> text_ranges{AddressRange(code::text_start, code::text_end)};
  std::array<ReturnEntry, 8> return_storage;
  ReturnStack return_stack{return_storage};
  /// walk() fills in the text, the stacks if there are none, and final_record_at if it is 0 and a label "final" is set.
  Context context;
};

/// An ExceptionFrame of interrupted EL1 code, every register branded.
[[nodiscard]] ExceptionFrame branded_exception_frame();

}  // namespace surefoot::testing
