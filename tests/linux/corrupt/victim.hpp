// SPDX-License-Identifier: MIT
//
// One task whose stack is corrupted: its trace as the dump has it, and the words of its stacks.
#pragma once

#include <cstdint>
#include <vector>

#include "linux/dumped_linux.hpp"

namespace corrupt_dump {

using surefoot::tools::ChangedWord;
using surefoot::tools::DumpedLinux;
using surefoot::tools::TaskTrace;

/// What looks like a frame record: an address further up on the same stack, and one of code.
struct Record {
  std::uint64_t at = 0;
  std::uint64_t fp = 0;
  std::uint64_t lr = 0;
};

struct Victim {
  Victim(DumpedLinux& dump, const surefoot::tools::TaskInfo& of);

  surefoot::tools::TaskInfo task;
  TaskTrace strict;
  TaskTrace exact;
  std::vector<ChangedWord> words;  ///< from sp up, and of a running task all of its CPU's IRQ stack
  std::vector<Record> records;     ///< among these words
  std::vector<Record> stale;       ///< below sp
  std::uint64_t final_record_at = 0;

 private:
  void read(DumpedLinux& dump, surefoot::AddressRange stack, std::uint64_t sp);
};

}  // namespace corrupt_dump
