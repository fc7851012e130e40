// SPDX-License-Identifier: MIT
#include "support/task_stack.hpp"

#include <algorithm>
#include <string>

#include "support/dump_world.hpp"

namespace surefoot::testing {
namespace {

constexpr unsigned fp_number = 29;
constexpr unsigned lr_number = 30;
constexpr std::uint64_t sp_at = 31 * 8;       // in pt_regs, behind x30
constexpr std::uint64_t kernel_pstate = 0x5;  // EL1h

}  // namespace

TaskStack::TaskStack(DumpWorld& world, std::uint64_t task) : world_(world), task_(task) {
  const ExceptionLayout& layout = world.layouts().exception;
  sp_ = world.stack_of(task) + DumpWorld::thread_size - layout.size;
  final_record_ = sp_ + layout.record;
  fp_ = final_record_;
  world.write_word(fp_, 0);
  world.write_word(fp_ + 8, 0);
  if (world.is_typed()) world.write_word(fp_ + 16, layout.final_type);
}

TaskStack& TaskStack::call_from(std::uint64_t return_address) {
  return_address_ = return_address;
  expected_.push_back(return_address);
  return *this;
}

TaskStack& TaskStack::outermost(std::string_view function, std::string_view callee) {
  return call_from(world_.call_in(function, callee));
}

void TaskStack::push_record(std::uint64_t return_address, std::uint64_t frame_size) {
  sp_ -= frame_size;
  world_.write_word(sp_, fp_);
  world_.write_word(sp_ + 8, return_address);
  fp_ = sp_;
  records_.push_back(fp_);
}

TaskStack& TaskStack::enter(std::uint64_t frame_size) {
  push_record(world_.signed_address(return_address_), frame_size);
  return *this;
}

TaskStack& TaskStack::call(std::string_view function, std::string_view callee) {
  enter();
  return call_from(world_.call_in(function, callee));
}

TaskStack& TaskStack::call_hooked(Hooked by, std::string_view function, std::string_view callee) {
  const std::uint64_t graph_hook = world_.at("return_to_handler");
  const std::uint64_t probe_hook = world_.at(world_.is_typed() ? "arch_rethook_trampoline" : "__kretprobe_trampoline");
  Entry entry{.return_address = return_address_, .function = world_.at(function), .key = fp_};
  if (by != Hooked::by_graph) {
    probes_.push_back(entry);
    entry.return_address = probe_hook;
  }
  if (by != Hooked::by_probe) graph_.push_back(entry);
  return_address_ = by == Hooked::by_probe ? probe_hook : graph_hook;
  return call(function, callee);
}

void TaskStack::interrupt_with(std::uint64_t pc, std::uint64_t lr, std::string_view entry) {
  const ExceptionLayout& layout = world_.layouts().exception;
  const std::uint64_t frame = sp_ - layout.size;
  world_.write_word(frame + layout.fp, fp_);
  world_.write_word(frame + layout.lr, lr);
  world_.write_word(frame + sp_at, sp_);
  world_.write_word(frame + layout.pc, pc);
  world_.write_word(frame + layout.pstate, kernel_pstate);
  const std::uint64_t record = frame + layout.record;
  world_.write_word(record, world_.is_typed() ? 0 : fp_);
  world_.write_word(record + 8, world_.is_typed() ? 0 : pc);
  if (world_.is_typed()) world_.write_word(record + 16, layout.exception_type);
  sp_ = frame;
  fp_ = record;
  records_.push_back(record);
  expected_.push_back(pc);
  call_from(world_.call_in(entry, std::string(entry) + "_handler"));
}

TaskStack& TaskStack::interrupt(std::uint64_t pc, std::string_view entry) {
  interrupt_with(pc, 0, entry);
  return *this;
}

TaskStack& TaskStack::interrupt_leaf(std::uint64_t pc, std::string_view entry) {
  interrupt_with(pc, return_address_, entry);
  return *this;
}

TaskStack& TaskStack::change_to_irq_stack(unsigned cpu) {
  push_record(return_address_, 16);
  sp_ = world_.word(world_.on_cpu(cpu, "irq_stack_ptr")) + DumpWorld::thread_size;
  return call_from(world_.call_in("call_on_irq_stack"));
}

void TaskStack::block() {
  call("schedule", "__schedule").call("__schedule", "__switch_to").call("__switch_to", "cpu_switch_to");
  block_at(return_address_);
}

void TaskStack::block_at(std::uint64_t pc) {
  const tools::TaskLayout& layout = world_.layouts().task;
  world_.write_word(task_ + layout.saved_fp, fp_);
  world_.write_word(task_ + layout.saved_sp, sp_);
  world_.write_word(task_ + layout.saved_pc, pc);
  finish();
}

tools::CpuState TaskStack::registers_at(std::uint64_t pc) {
  expected_.push_back(pc);
  tools::CpuState state{.sp = sp_, .pc = pc, .pstate = kernel_pstate};
  state.x[fp_number] = fp_;
  finish();
  return state;
}

tools::CpuState TaskStack::registers_in_leaf(std::uint64_t pc) {
  tools::CpuState state = registers_at(pc);
  state.x[lr_number] = return_address_;
  return state;
}

std::vector<std::uint64_t> TaskStack::expected() const { return {expected_.rbegin(), expected_.rend()}; }

void TaskStack::finish() {
  if (!graph_.empty()) write_graph_entries();
  if (!probes_.empty()) write_probe_entries();
}

void TaskStack::write_graph_entries() {
  const tools::GraphLayout& layout = *world_.layouts().graph;
  const bool is_array = layout.form == tools::GraphLayout::Form::array;
  const std::uint64_t extra = is_array ? 0 : 8;
  const std::uint64_t distance = layout.entry_size / 8;
  const std::uint64_t at = world_.allocate(graph_.size() * (layout.entry_size + extra));
  std::uint64_t next = at;
  for (const Entry& entry : graph_) {
    world_.write_word(next + layout.return_address, entry.return_address);
    world_.write_word(next + layout.function, entry.function);
    world_.write_word(next + layout.key, entry.key);
    next += layout.entry_size;
    // How many words before this one the entry begins; what is above these bits is the tracer's own.
    if (!is_array) world_.write_word(next, distance | 0x1'0400);
    next += extra;
  }
  world_.write_word(task_ + layout.entries, at);
  const auto used = is_array ? graph_.size() - 1 : (next - at) / 8;
  world_.write_number(task_ + layout.used, static_cast<std::int32_t>(used));
}

void TaskStack::write_probe_entries() {
  const tools::HookLayout& layout = *(world_.is_typed() ? world_.layouts().rethooks : world_.layouts().kretprobes);
  std::uint64_t newest = 0;
  for (const Entry& entry : probes_) {
    const std::uint64_t instance = world_.allocate(64);
    world_.write_word(instance + layout.node, newest);
    world_.write_word(instance + layout.return_address, entry.return_address);
    world_.write_word(instance + layout.key, entry.key);
    newest = instance + layout.node;
  }
  world_.write_word(task_ + layout.first, newest);
}

}  // namespace surefoot::testing
