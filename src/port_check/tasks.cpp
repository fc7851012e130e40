// SPDX-License-Identifier: MIT
//
// The tasks: their stacks, the record at which their chains end, and their return stacks.
#include "port.hpp"

namespace surefoot::detail {
namespace {

using enum PortProblem;

// Of a task: its own stacks, and then those of the CPU.
struct AllStacks {
  const Task& task;

  [[nodiscard]] std::size_t size() const noexcept { return std::size_t{task.stacks.size()} + task.cpu_stacks.size(); }
  [[nodiscard]] const AddressRange& operator[](std::size_t index) const noexcept {
    const std::size_t own = task.stacks.size();
    return index < own ? task.stacks[index].range : task.cpu_stacks[index - own].range;
  }
};

// A set may have been changed since it was made, or made for other memory.
void check_stack(const Port& port, const AddressRange& stack, std::size_t task, PortReport& report) noexcept {
  constexpr std::uint64_t stack_alignment = 16;
  const std::uint64_t at = stack.start();
  if (stack.end() <= at) return report.add(empty_stack, task, at);
  if ((at | stack.end()) % stack_alignment != 0) report.add(misaligned_stack, task, at);
  if (cuts(port.description.pac, stack)) report.add(pac_mask_cuts_stack, task, at);
  if (cuts(port.description.tags, stack)) report.add(tag_mask_cuts_stack, task, at);
  for (const Region& region : port.regions) {
    if (region.text.overlaps(stack)) return report.add(stack_in_text, task, at);
  }
}

// A map refers to its regions and its storage, and a kernel to its map. The stacks of a foreign memory are elsewhere.
void check_description_off_stack(const Port& port, const AddressRange& stack, std::size_t task,
                                 PortReport& report) noexcept {
  const CodeMap* const code = port.description.code;
  if (code == nullptr || port.facts.tasks[task].memory != nullptr) return;
  const void* const parts[] = {code, code->regions().data(), code->intervals().data()};
  for (const void* const part : parts) {
    const auto at = reinterpret_cast<std::uintptr_t>(part);
    if (stack.contains(at, 1)) return report.add(code_map_on_stack, task, at);
  }
}

// Stacks of a CPU are shared, and then are the same.
void check_against_earlier(const Port& port, std::size_t task, PortReport& report) noexcept {
  const AllStacks stacks{port.facts.tasks[task]};
  const std::size_t own_count = stacks.task.stacks.size();
  for (std::size_t i = 0; i < stacks.size(); ++i) {
    for (std::size_t earlier = 0; earlier < task; ++earlier) {
      const AllStacks others{port.facts.tasks[earlier]};
      for (std::size_t j = 0; j < others.size(); ++j) {
        const bool is_of_cpu = i >= own_count && j >= others.task.stacks.size();
        const bool is_same = stacks[i].start() == others[j].start() && stacks[i].end() == others[j].end();
        if ((is_of_cpu && is_same) || !stacks[i].overlaps(others[j])) continue;
        return report.add(stack_of_two_tasks, task, stacks[i].start());
      }
    }
  }
}

void check_stacks(const Port& port, std::size_t task, PortReport& report) noexcept {
  const AllStacks stacks{port.facts.tasks[task]};
  if (stacks.size() == 0) return report.add(no_stack, task);
  if (stacks.size() > max_stacks) return report.add(too_many_stacks, task);
  for (std::size_t i = 0; i < stacks.size(); ++i) {
    check_stack(port, stacks[i], task, report);
    check_description_off_stack(port, stacks[i], task, report);
    for (std::size_t j = 0; j < i; ++j) {
      if (!stacks[j].overlaps(stacks[i])) continue;
      report.add(overlapping_stacks, task, stacks[i].start());
      break;
    }
  }
  check_against_earlier(port, task, report);
}

[[nodiscard]] bool is_on_stack(const Task& task, const AddressRange& record) noexcept {
  const AllStacks stacks{task};
  for (std::size_t i = 0; i < stacks.size(); ++i) {
    if (stacks[i].contains(record.start(), record.end() - record.start())) return true;
  }
  return false;
}

// The word at a multiple of 8 inside a stack of the task.
[[nodiscard]] bool read_word(const Task& task, std::uint64_t at, std::uint64_t& word) noexcept {
  if (task.memory != nullptr) return task.memory->read(task.memory->object, at, &word);
  // SAFETY: the caller has placed the aligned word inside a declared stack, and that is mapped.
  word = *reinterpret_cast<const volatile std::uint64_t*>(at);
  return true;
}

void check_final_record(const Port& port, std::size_t index, PortReport& report) noexcept {
  const Task& task = port.facts.tasks[index];
  const std::uint64_t at = task.final_record_at;
  if (at == 0) return report.add(no_final_record, index);
  if (at % sizeof(std::uint64_t) != 0) return report.add(misaligned_final_record, index, at);
  const ExceptionLayout& layout = port.description.exception;
  const bool is_typed = layout.typing == RecordTyping::typed;
  const std::uint64_t size = is_typed ? SUREFOOT_METADATA_RECORD_SIZE : SUREFOOT_FRAME_RECORD_SIZE;
  if (!is_on_stack(task, {at, at + size})) return report.add(final_record_off_stack, index, at);
  for (std::uint64_t offset = 0; offset < size; offset += sizeof(std::uint64_t)) {
    const bool is_type = offset == SUREFOOT_METADATA_RECORD_OFFSET_TYPE;
    std::uint64_t word = 0;
    if (!read_word(task, at + offset, word)) return report.add(final_record_not_looked_at, index, at);
    if (word != (is_type ? layout.final_type : 0)) return report.add(not_a_final_record, index, at);
  }
}

[[nodiscard]] bool is_traced(const Port& port) noexcept {
  for (const Region& region : port.regions) {
    if (region.patch_sites.size() != 0) return true;
    for (std::size_t i = 0; i < region.special_ranges.size(); ++i) {
      if (is_return_hook(region.special_ranges[i].kind)) return true;
    }
  }
  return false;
}

void check_return_stacks(const Task& task, std::size_t index, bool is_kernel_traced, PortReport& report) noexcept {
  if (task.return_stacks.size() > max_return_stacks) report.add(too_many_return_stacks, index);
  if (task.return_stacks.empty() && is_kernel_traced) report.add(no_return_stack, index);
  for (const ReturnStack* const stack : task.return_stacks) {
    if (stack != nullptr && stack->depth() <= stack->capacity()) continue;
    return report.add(damaged_return_stack, index, reinterpret_cast<std::uintptr_t>(stack));
  }
}

}  // namespace

void check_tasks(const Port& port, PortReport& report) noexcept {
  const std::span<const Task> tasks = port.facts.tasks;
  if (tasks.empty()) return report.add(no_task);
  const bool is_kernel_traced = is_traced(port);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    check_stacks(port, i, report);
    check_final_record(port, i, report);
    check_return_stacks(tasks[i], i, is_kernel_traced, report);
    const bool is_shadow_wanted = port.description.witnesses.chosen().shadow_call_stack;
    if (is_shadow_wanted && tasks[i].shadow_call_stack.start() == 0) report.add(witness_without_shadow_call_stack, i);
  }
}

}  // namespace surefoot::detail
