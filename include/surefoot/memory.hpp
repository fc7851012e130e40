// SPDX-License-Identifier: MIT
//
// Memory that is not simply there: another machine's, a dump's, or a stack of which each read has to be checked. A
// task without one is walked in the running kernel's own memory.
#pragma once

#include <cstdint>

namespace surefoot {

/// A function and an object that read words of foreign memory. C has the same type (c/task.h).
struct ForeignMemory {
  /// Reads the word at `address`, a multiple of 8, into `*word`; false if it cannot be read. A walk calls it for
  /// addresses inside the task's stacks, for the exception frame that it starts from, and, with the call-site witness
  /// on, for code.
  bool (*read)(void* object, std::uint64_t address, std::uint64_t* word) noexcept = nullptr;
  void* object = nullptr;
};

}  // namespace surefoot
