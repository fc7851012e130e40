// SPDX-License-Identifier: MIT
#include "linux/task_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "code/registers.hpp"
#include "linux/return_stacks.hpp"
#include "linux/saved_moment.hpp"
#include "surefoot/records.hpp"
#include "surefoot/walk.hpp"

namespace surefoot::tools {
namespace {

// A stack of 16 KiB has room for a thousand records. More than this is a forged chain.
constexpr std::size_t most_frames = 1 << 16;

class TaskWalk {
 public:
  TaskWalk(const DumpedKernel& dumped, const TaskInfo& task, Policy policy, std::span<const ChangedWord> changed)
      : dumped_(dumped),
        memory_(dumped.memory, dumped.layouts.exception, changed),
        stack_(dumped.memory.word(task.address + dumped.layouts.task.stack)),
        cpu_(task.is_running ? find_cpu(dumped, task) : nullptr),
        returns_(dumped.memory, dumped.layouts, dumped.special, task.address, saved_moment()),
        policy_(policy) {
    trace_.task = task;
  }

  TaskTrace run() {
    trace_.notes = returns_.faults();
    if (!stack_) trace_.notes.emplace_back("its task_struct cannot be read");
    if (stack_.value_or(0) == 0) {
      walk(Start::no_stack(), {});
      return std::move(trace_);
    }
    const ExceptionLayout& exception = dumped_.layouts.exception;
    const std::uint64_t bottom = own_range().end() - exception.size;
    own_.push_back({.range = own_range(), .kind = StackKind::task});
    final_record_at_ = bottom + exception.record;
    if (trace_.task.is_running) {
      walk_running(bottom);
    } else {
      walk_blocked();
    }
    return std::move(trace_);
  }

 private:
  // The CPU that the task was on, if the dump has its registers.
  static const LinuxCpu* find_cpu(const DumpedKernel& dumped, const TaskInfo& task) {
    const auto cpu = std::ranges::find(dumped.cpus, task.address, &LinuxCpu::current);
    return cpu != dumped.cpus.end() && cpu->registers ? &*cpu : nullptr;
  }

  AddressRange own_range() const { return {stack_.value_or(0), stack_.value_or(0) + dumped_.thread_size}; }

  SavedMoment saved_moment() const {
    return cpu_ != nullptr ? saved_moment_of(*cpu_, own_range(), dumped_.kernel) : SavedMoment{};
  }

  void walk_blocked() {
    const auto saved = [this](std::uint64_t offset) {
      return dumped_.memory.word(trace_.task.address + offset).value_or(0);
    };
    const TaskLayout& layout = dumped_.layouts.task;
    const Registers registers{.fp = saved(layout.saved_fp), .sp = saved(layout.saved_sp), .pc = saved(layout.saved_pc)};
    if (registers.pc != dumped_.special.new_task || registers.pc == 0) {
      walk(Start::at_call(registers), {});
      return;
    }
    // It has not run yet: its pc is no return address, but where it begins.
    CpuState state{.sp = registers.sp, .pc = registers.pc, .pstate = kernel_pstate};
    state.x[fp_number] = registers.fp;
    walk(Start::exception_at(memory_.place(state)), {});
  }

  void walk_running(std::uint64_t bottom) {
    if (cpu_ == nullptr) {
      trace_.notes.push_back(fmt::format("it runs on CPU {}, of which the dump has no registers", trace_.task.cpu));
      TaskActivity running;
      running.enter_cpu();
      constexpr Registers unknown{};
      walk(Start::blocked_task(unknown, running), {});
      return;
    }
    if (is_from_el0(cpu_->registers->pstate)) {
      trace_.notes.emplace_back("it runs in user space");
      walk(Start::exception_at(bottom), {});
      return;
    }
    walk(Start::exception_at(memory_.place(*cpu_->registers)), cpu_->stacks);
  }

  void walk(const Start& start, const std::vector<Stack>& cpu_stacks) {
    const ForeignMemory reader = memory_.reader();
    const auto own = StackSet::make(own_);
    const auto shared = StackSet::make(cpu_stacks);
    if (!own || !shared) trace_.notes.emplace_back("its stacks overlap, and are not read");
    const Task task{.stacks = own.value_or(StackSet()),
                    .cpu_stacks = shared.value_or(StackSet()),
                    .final_record_at = final_record_at_,
                    .return_stacks = returns_.stacks(),
                    .memory = &reader};
    std::vector<Frame> frames(
        static_cast<std::size_t>(std::min<std::uint64_t>(max_frames(dumped_.kernel, task), most_frames)));
    const Trace found = surefoot::walk(start, dumped_.kernel, task, frames, policy_);
    trace_.verdict = found.verdict;
    for (const Frame& frame : found.frames) trace_.frames.push_back({.frame = frame, .function = {}, .module = {}});
    add_exceptions();
  }

  // The registers that each exception saved, of which the interrupted frame is in the trace.
  void add_exceptions() {
    const ExceptionLayout& layout = dumped_.layouts.exception;
    const auto& crossed = memory_.crossed();
    auto next = crossed.begin();
    for (std::size_t i = 0; i < trace_.frames.size() && next != crossed.end(); ++i) {
      if (!trace_.frames[i].frame.evidence.has(EvidenceBit::crossed_exception)) continue;
      const std::uint64_t at = *next++;
      trace_.exceptions.push_back({.frame = static_cast<std::uint32_t>(i),
                                   .at = at,
                                   .pc = memory_.word(at + layout.pc),
                                   .fp = memory_.word(at + layout.fp),
                                   .sp = at + layout.size,
                                   .lr = memory_.word(at + layout.lr),
                                   .pstate = memory_.word(at + layout.pstate)});
    }
  }

  static constexpr std::uint64_t kernel_pstate = 0x5;  // EL1h

  const DumpedKernel& dumped_;
  TaskMemory memory_;
  std::optional<std::uint64_t> stack_;
  const LinuxCpu* cpu_;
  TaskReturns returns_;
  Policy policy_;
  std::vector<Stack> own_;
  std::uint64_t final_record_at_ = 0;
  TaskTrace trace_;
};

}  // namespace

TaskTrace walk_task(const DumpedKernel& dumped, const TaskInfo& task, Policy policy,
                    std::span<const ChangedWord> changed) {
  return TaskWalk(dumped, task, policy, changed).run();
}

}  // namespace surefoot::tools
