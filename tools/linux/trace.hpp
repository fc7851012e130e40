// SPDX-License-Identifier: MIT
//
// What is found in a memory dump: its facts, its tasks, and the trace of each with its verdict. Nothing here walks or
// prints.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "surefoot/frame.hpp"
#include "surefoot/verdict.hpp"

namespace surefoot::tools {

/// What the kernel says of a task. Names are the dump's bytes: they may hold anything.
struct TaskInfo {
  std::int64_t pid = 0;   ///< of the thread
  std::int64_t tgid = 0;  ///< of its process
  std::string name;
  std::uint64_t address = 0;  ///< of its task_struct
  char state = '?';           ///< as ps(1) spells it
  std::uint32_t cpu = 0;
  bool is_running = false;  ///< on a CPU at the moment of the dump
  bool is_idle = false;
  bool is_user = false;  ///< has an address space
  std::uint64_t switches = 0;
};

/// A frame with its function, whose name is empty if it has none, and its module, empty for the kernel itself.
struct NamedFrame {
  Frame frame;
  std::string function;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::string module;
};

/// The registers that an exception saved.
struct SavedRegisters {
  std::uint32_t frame = 0;  ///< index of the interrupted frame
  std::uint64_t at = 0;
  std::uint64_t pc = 0;
  std::uint64_t fp = 0;
  std::uint64_t sp = 0;
  std::uint64_t lr = 0;
  std::uint64_t pstate = 0;
};

/// One task and its trace, the innermost frame first.
struct TaskTrace {
  TaskInfo task;
  std::vector<NamedFrame> frames;
  Verdict verdict;
  std::vector<SavedRegisters> exceptions;
  std::vector<std::string> notes;
};

/// What is known of the dump as a whole.
struct DumpFacts {
  std::string file;
  std::string format;
  std::string release;
  std::string machine;  ///< the kernel's version line
  std::string build_id;
  std::uint64_t slide = 0;
  std::uint64_t pac_mask = 0;
  unsigned address_bits = 0;
  unsigned page_size = 0;
  unsigned cpus = 0;
  std::vector<std::string> warnings;  ///< what is missing, damaged or was refused
};

/// All that `surefoot vmcore` prints.
struct DumpReport {
  DumpFacts facts;
  Policy policy = Policy::strict;
  std::vector<TaskTrace> tasks;
};

}  // namespace surefoot::tools
