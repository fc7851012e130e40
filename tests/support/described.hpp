// SPDX-License-Identifier: MIT
//
// The fixture of tests that describe a kernel and a task piece by piece: several regions, both sets of stacks, several
// return stacks. Tests of one program and one return stack take Scene.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/code_map.hpp"
#include "support/context.hpp"
#include "support/in_place.hpp"
#include "support/memory.hpp"
#include "support/owned_map.hpp"
#include "support/recording_reader.hpp"
#include "support/trace_text.hpp"
#include "surefoot/surefoot.hpp"

namespace surefoot::testing {

/// Draw the stacks, change what is described, and walk.
class DescribedTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::uint64_t address(const Ref& ref) const { return memory.resolve(ref); }

  /// Walks into a buffer, with a cursor, frame by frame, and in place, and asserts that all agree and read the declared
  /// stacks only.
  [[nodiscard]] Walked walk(const Start& start) {
    const OwnedMap map(regions);
    description.code = &*map;
    const Kernel kernel = Kernel::make(description).value();
    log = {};
    std::vector<Stack> declared = own_stacks;
    declared.insert(declared.end(), cpu_stacks.begin(), cpu_stacks.end());
    RecordingReader reader(memory, declared, log);
    const ForeignMemory foreign = memory_of(reader);
    Task task{.stacks = StackSet::make(own_stacks).value(),
              .cpu_stacks = StackSet::make(cpu_stacks).value(),
              .final_record_at = final_record_at,
              .return_stacks = return_stacks,
              .memory = &foreign};
    std::vector<Frame> buffer(64);
    const Trace trace = surefoot::walk(start, kernel, task, buffer);
    const Walked walked{.frames = {trace.frames.begin(), trace.frames.end()}, .verdict = trace.verdict};
    Walked by_hand;
    Cursor cursor(start, kernel, task);
    for (Frame frame; by_hand.frames.size() < buffer.size() && cursor.next(frame);) by_hand.frames.push_back(frame);
    by_hand.verdict = cursor.verdict();
    EXPECT_EQ(text(walked), text(by_hand)) << "a cursor that is moved by hand sees something else";
    EXPECT_TRUE(log.wild.empty()) << "read outside the declared stacks, first at 0x" << std::hex << log.wild.front();
    if (memory.is_whole() && put_in_place(declared, memory)) {
      task.memory = nullptr;
      const Trace own = surefoot::walk(start, kernel, task, buffer);
      EXPECT_EQ(text(walked), text({.frames = {own.frames.begin(), own.frames.end()}, .verdict = own.verdict}))
          << "a walk in place sees something else";
    }
    return walked;
  }
  void expect(const Walked& expected, const Walked& actual) const { EXPECT_EQ(text(expected), text(actual)); }

  Memory memory;
  ReadLog log;
  std::vector<Region> regions{
      {.text = AddressRange(code::text_start, code::text_end), .special_ranges = SpecialRanges::none()}};
  std::vector<Stack> own_stacks;
  std::vector<Stack> cpu_stacks;
  std::vector<const ReturnStack*> return_stacks;
  std::uint64_t final_record_at = 0;
  KernelDescription description;  ///< but for the code
};

}  // namespace surefoot::testing
