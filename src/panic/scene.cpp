// SPDX-License-Identifier: MIT
//
// Finds the registers that a report is about.
#include "scene.hpp"

namespace surefoot::panic {

Scene::Scene(const Report& report, const Fallback& fallback, const Output& output) noexcept
    : report_(report),
      kernel_(report.kernel != nullptr ? *report.kernel : fallback.kernel),
      task_(report.task != nullptr ? *report.task : fallback.task),
      output_(output),
      memory_(report.memory != nullptr ? report.memory : task_.memory) {
  find_registers();
}

bool Scene::read(std::uint64_t address, std::uint64_t& word) const noexcept {
  if (address % sizeof word != 0) return false;
  if (memory_ != nullptr) return memory_->read(memory_->object, address, &word);
  // SAFETY: callers ask for words of the exception's frame, which the kernel gave, of stacks that it declared, and of
  // code that its map knows; the kernel gave no reader, and so says that all of it is there.
  word = *reinterpret_cast<const volatile std::uint64_t*>(address);
  return true;
}

bool Scene::is_frame_readable(std::uint64_t frame_at) const noexcept {
  const std::uint64_t size = kernel_.exception().size;
  if (frame_at == 0 || frame_at % sizeof(std::uint64_t) != 0 || frame_at + size < frame_at) return false;
  for (std::uint64_t offset = 0; offset < size; offset += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    if (!read(frame_at + offset, word)) return false;
  }
  return true;
}

Known Scene::in_frame(std::uint16_t offset) const noexcept {
  if (frame_at_ == 0 || offset == ExceptionLayout::absent) return {};
  Known found;
  found.is_known = read(frame_at_ + offset, found.value);
  return found;
}

void Scene::find_registers() noexcept {
  const ExceptionLayout& layout = kernel_.exception();
  std::uint64_t frame_at = report_.exception_frame_at;
  const Start* const start = report_.start;
  if (frame_at == 0 && start != nullptr && start->kind() == Start::Kind::exception) frame_at = start->frame_at();
  if (is_frame_readable(frame_at)) {
    frame_at_ = frame_at;
    pc_ = in_frame(layout.pc);
    fp_ = in_frame(layout.fp);
    sp_ = in_frame(layout.sp);
    // A frame without sp is on the interrupted stack and ends where sp was; or it is at the end of another stack.
    const std::uint64_t frame_end = frame_at + layout.size;
    if (layout.sp == ExceptionLayout::absent && find_stack(frame_end) != nullptr) sp_ = {frame_end, true};
    return;
  }
  if (start == nullptr) return;
  const bool is_call = start->kind() == Start::Kind::call;
  if (!is_call && start->kind() != Start::Kind::blocked_task) return;
  const Registers& registers = start->registers();
  pc_ = {registers.pc, true};
  sp_ = {registers.sp, true};
  fp_ = {registers.fp, true};
  pc_kind_ = CodeAddress::Kind::return_address;
}

const Stack* Scene::find_stack(std::uint64_t address) const noexcept {
  for (const StackSet* const set : {&task_.stacks, &task_.cpu_stacks}) {
    for (const Stack& stack : *set) {
      if (stack.range.contains(address)) return &stack;
    }
  }
  return nullptr;
}

const Stack* Scene::find_overflowed(std::uint64_t sp) const noexcept {
  for (const Stack& stack : task_.stacks) {
    const std::uint64_t size = stack.range.end() - stack.range.start();
    if (sp < stack.range.start() && stack.range.start() - sp <= size) return &stack;
  }
  return nullptr;
}

Symbols Scene::symbols_at(std::uint64_t pc) const noexcept {
  return report_.symbols_of != nullptr ? report_.symbols_of(report_.symbols_object, pc) : report_.symbols;
}

Symbol Scene::find_symbol(CodeAddress address) const noexcept { return symbols_at(address.lookup()).find(address); }

void write_function(const Scene& scene, CodeAddress address) noexcept {
  const Symbol symbol = scene.find_symbol(address);
  if (!symbol.is_known()) return;
  Writer writer(scene.output(), false);
  writer.text(" ");
  writer.name(symbol.name);
  writer.text("+");
  writer.hex(symbol.offset);
  writer.text("/");
  writer.hex(symbol.size);
}

}  // namespace surefoot::panic
