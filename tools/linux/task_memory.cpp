// SPDX-License-Identifier: MIT
#include "linux/task_memory.hpp"

#include <algorithm>

namespace surefoot::tools {

std::uint64_t TaskMemory::place(const CpuState& state) {
  placed_ = {};
  const auto put = [this](std::uint64_t offset, std::uint64_t value) {
    const std::uint64_t index = offset / sizeof value;
    if (index < placed_.size()) placed_[index] = value;
  };
  constexpr unsigned fp = 29;
  constexpr unsigned lr = 30;
  put(layout_.x9, state.x[9]);
  put(layout_.fp, state.x[fp]);
  put(layout_.lr, state.x[lr]);
  put(layout_.sp, state.sp);
  put(layout_.pc, state.pc);
  put(layout_.pstate, state.pstate);
  if (layout_.typing == RecordTyping::typed) put(layout_.record + 2 * sizeof(std::uint64_t), layout_.exception_type);
  return placed_at;
}

void TaskMemory::note_read(std::uint64_t address) {
  std::shift_right(last_.begin(), last_.end(), 1);
  last_.front() = address;
  const std::uint64_t frame = address - layout_.pstate;
  const std::array<std::uint64_t, 4> of_crossing = {frame + layout_.pstate, frame + layout_.sp, frame + layout_.fp,
                                                    frame + layout_.pc};
  if (last_ == of_crossing) crossed_.push_back(frame);
}

std::optional<std::uint64_t> TaskMemory::find(std::uint64_t address) {
  const std::uint64_t index = (address - placed_at) / sizeof(std::uint64_t);
  if (index < placed_.size()) return placed_[index];
  const auto changed = std::ranges::find(changed_, address, &ChangedWord::address);
  return changed != changed_.end() ? changed->value : memory_.word(address);
}

std::uint64_t TaskMemory::word(std::uint64_t address) { return find(address).value_or(0); }

bool TaskMemory::read(void* object, std::uint64_t address, std::uint64_t* word) noexcept {
  auto& self = *static_cast<TaskMemory*>(object);
  self.note_read(address);
  const auto read = self.find(address);
  if (read) *word = *read;
  return read.has_value();
}

}  // namespace surefoot::tools
