// SPDX-License-Identifier: MIT
//
// The surroundings of a walk as a test states them: in one place, free to change, and wrong where the test wants it. A
// World makes of it what the library takes: a kernel, its code map, a task.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "surefoot/surefoot.hpp"

namespace surefoot::testing {

struct Context {
  std::span<const Stack> stacks;
  /// In any order, and of any bounds.
  std::span<const AddressRange> text;
  SpecialRanges special_ranges;
  SpecialRanges calls_without_record = SpecialRanges::none();
  const ReturnStack* return_stack = nullptr;
  std::uint64_t final_record_at = 0;
  PointerAuthMask pac;
  AddressTagMask tags;
  Policy policy = Policy::strict;
  PatchSites patch_sites;
  const FrameTable* frame_table = nullptr;
  ExceptionLayout exception;
  Witnesses::Chosen witnesses;
  AddressRange shadow_call_stack;
};

/// The regions that make up the text: whole instructions, each once, none in both halves of the address space.
[[nodiscard]] std::vector<AddressRange> normalized(std::span<const AddressRange> text);

/// Not copied: what it holds refers to itself. Throws if the library refuses the context.
class World {
 public:
  explicit World(const Context& context, const ForeignMemory* memory = nullptr);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] const Kernel& kernel() const { return *kernel_; }
  [[nodiscard]] const Task& task() const { return task_; }

 private:
  std::vector<Region> regions_;
  std::vector<Interval> intervals_;
  CodeMap code_;
  std::unique_ptr<const Kernel> kernel_;
  const ReturnStack* return_stacks_[1];
  Task task_;
};

/// A reader, which is any object with `bool read(std::uint64_t address, std::uint64_t& word) noexcept`, as memory.
template <typename Reader>
[[nodiscard]] ForeignMemory memory_of(Reader& reader) {
  return {.read = [](void* object, std::uint64_t address,
                     std::uint64_t* word) noexcept { return static_cast<Reader*>(object)->read(address, *word); },
          .object = &reader};
}

/// Walks in the memory that a reader reads.
template <typename Reader>
[[nodiscard]] Trace walk(const Start& start, const Context& context, std::span<Frame> frames, Reader reader) {
  const ForeignMemory memory = memory_of(reader);
  const World world(context, &memory);
  return surefoot::walk(start, world.kernel(), world.task(), frames);
}

/// Walks in the memory of the test itself.
[[nodiscard]] inline Trace walk(const Start& start, const Context& context, std::span<Frame> frames) {
  const World world(context);
  return surefoot::walk(start, world.kernel(), world.task(), frames);
}

}  // namespace surefoot::testing
