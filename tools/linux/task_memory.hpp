// SPDX-License-Identifier: MIT
//
// What a walk reads of a dump: the kernel's memory, and over it the registers of a running CPU, laid out as exception
// entry would have saved them. No address of the kernel is in the lower half, where they are put. For tests, some words
// may be others than the dump's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dump/dump.hpp"
#include "dump/virtual_memory.hpp"
#include "surefoot/exception_layout.hpp"
#include "surefoot/memory.hpp"

namespace surefoot::tools {

/// A word that stands in the place of the one that a dump has.
struct ChangedWord {
  std::uint64_t address = 0;
  std::uint64_t value = 0;
};

class TaskMemory {
 public:
  /// What it refers to must outlive it.
  TaskMemory(VirtualMemory& memory, const ExceptionLayout& layout, std::span<const ChangedWord> changed = {})
      : memory_(memory), layout_(layout), changed_(changed) {}
  // The walk has its address.
  TaskMemory(const TaskMemory&) = delete;
  TaskMemory& operator=(const TaskMemory&) = delete;

  /// Makes an exception frame of a CPU's registers, and returns where it is. One at a time.
  std::uint64_t place(const CpuState& state);

  [[nodiscard]] ForeignMemory reader() { return {.read = &read, .object = this}; }

  /// The exception frames that the walk has crossed, in its order: it reads of each the pc, fp, sp and pstate, one
  /// after the other, and nothing else in that order.
  [[nodiscard]] const std::vector<std::uint64_t>& crossed() const { return crossed_; }
  /// A register of an exception frame, real or placed; 0 if it is not there.
  [[nodiscard]] std::uint64_t word(std::uint64_t address);

 private:
  static bool read(void* object, std::uint64_t address, std::uint64_t* word) noexcept;
  void note_read(std::uint64_t address);
  [[nodiscard]] std::optional<std::uint64_t> find(std::uint64_t address);

  static constexpr std::uint64_t placed_at = 0x1000;
  VirtualMemory& memory_;
  const ExceptionLayout& layout_;
  std::span<const ChangedWord> changed_;
  std::array<std::uint64_t, 4> last_{};  // addresses that were read, the last one first
  std::vector<std::uint64_t> crossed_;
  std::array<std::uint64_t, 128> placed_{};
};

}  // namespace surefoot::tools
