// SPDX-License-Identifier: MIT
//
// The stack of a task of a DumpWorld, from its outermost frame inwards, as the miniature kernel's functions would have
// made it; and beside it what a walk has to find.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dump/dump.hpp"

namespace surefoot::testing {

class DumpWorld;

/// Who has rewritten a return address.
enum class Hooked : std::uint8_t {
  by_graph,
  by_probe,  ///< a kretprobe, or a rethook where the kernel has these
  by_both,
};

class TaskStack {
 public:
  /// With the final record, where a task's registers of EL0 are.
  TaskStack(DumpWorld& world, std::uint64_t task);

  /// Code without a frame of its own, at the task's final record, calls.
  TaskStack& outermost(std::string_view function, std::string_view callee = {});
  /// The function, which has been called, makes its frame and calls.
  TaskStack& call(std::string_view function, std::string_view callee = {});
  /// The same, of which the return address has been rewritten.
  TaskStack& call_hooked(Hooked by, std::string_view function, std::string_view callee = {});
  /// The frame without a call.
  TaskStack& enter(std::uint64_t frame_size = 32);
  /// A call that was made by an instruction before this address.
  TaskStack& call_from(std::uint64_t return_address);
  /// An exception at the address, in a function that has its frame, or in a leaf that has been called.
  TaskStack& interrupt(std::uint64_t pc, std::string_view entry = "el1h_64_sync");
  TaskStack& interrupt_leaf(std::uint64_t pc, std::string_view entry = "el1h_64_sync");
  /// call_on_irq_stack, of that CPU.
  TaskStack& change_to_irq_stack(unsigned cpu);

  /// It sleeps: from the system call's function on, through schedule, to cpu_switch_to. Writes it all to the task.
  void block();
  /// It was switched away from with these registers.
  void block_at(std::uint64_t pc);
  /// For a task that runs: its registers at a place of a function that has its frame, or of a leaf.
  [[nodiscard]] tools::CpuState registers_at(std::uint64_t pc);
  [[nodiscard]] tools::CpuState registers_in_leaf(std::uint64_t pc);

  /// The pcs that a complete trace has, the innermost first.
  [[nodiscard]] std::vector<std::uint64_t> expected() const;
  /// Where the records are that were made, the outermost first, without the final one.
  [[nodiscard]] const std::vector<std::uint64_t>& records() const { return records_; }
  [[nodiscard]] std::uint64_t final_record() const { return final_record_; }
  [[nodiscard]] std::uint64_t fp() const { return fp_; }
  [[nodiscard]] std::uint64_t sp() const { return sp_; }

 private:
  struct Entry {
    std::uint64_t return_address = 0;
    std::uint64_t function = 0;
    std::uint64_t key = 0;
  };
  void push_record(std::uint64_t return_address, std::uint64_t frame_size);
  void interrupt_with(std::uint64_t pc, std::uint64_t lr, std::string_view entry);
  void finish();
  void write_graph_entries();
  void write_probe_entries();

  DumpWorld& world_;
  std::uint64_t task_;
  std::uint64_t fp_ = 0;
  std::uint64_t sp_ = 0;
  std::uint64_t return_address_ = 0;  // of the call that was made last
  std::uint64_t final_record_ = 0;
  std::vector<std::uint64_t> records_;
  std::vector<std::uint64_t> expected_;  // the outermost first
  std::vector<Entry> graph_;             // the oldest first
  std::vector<Entry> probes_;
};

}  // namespace surefoot::testing
