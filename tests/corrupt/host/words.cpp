// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstring>

#include "code/flow.hpp"
#include "mutations.hpp"

namespace corrupt {

Words::Words(const Capture& capture, std::uint64_t lowest, const std::vector<std::uint64_t>& words_read) {
  add_code(capture);
  add_stacks(capture, lowest, words_read);
  add_entries(capture);
}

bool Words::is_code(std::uint64_t value) const {
  return value % 4 == 0 && std::ranges::any_of(code, [&](const auto& range) { return range.contains(value); });
}

void Words::add_code(const Capture& capture) {
  for (const CapturedRegion& region : capture.regions) {
    code.push_back(region.head.text);
    const Piece* const piece = capture.find_piece(region.head.text.start());
    if (piece == nullptr) continue;
    for (std::size_t i = 0; i + 4 < piece->bytes->size(); i += 4) {
      std::uint32_t word;
      std::memcpy(&word, piece->bytes->data() + i, sizeof word);
      const std::uint64_t pc = region.head.text.start() + i;
      if (surefoot::tools::flow_of(word, pc).is_call()) return_addresses.push_back(pc + 4);
    }
  }
}

// Live is what lies above the place where the walk begins, and all of other stacks.
void Words::add_stacks(const Capture& capture, std::uint64_t lowest, const std::vector<std::uint64_t>& words_read) {
  const surefoot::PointerAuthMask pac(capture.head.pac_bits);
  std::vector<std::uint64_t> sorted = words_read;
  std::ranges::sort(sorted);
  const auto is_on_stack = [&](std::uint64_t value) {
    return std::ranges::any_of(capture.stacks, [&](const auto& stack) { return stack.range.contains(value); });
  };
  for (const surefoot::Stack& stack : capture.stacks) {
    const bool is_present = stack.range.contains(lowest);
    const bool was_used =
        is_present || std::ranges::any_of(sorted, [&](std::uint64_t at) { return stack.range.contains(at); });
    for (std::uint64_t at = stack.range.start(); at < stack.range.end(); at += 8) {
      const Word word{at, Memory::word(at)};
      const bool is_read = std::ranges::binary_search(sorted, at);
      const bool is_live = was_used && (!is_present || at >= lowest);
      const bool is_pointer = is_on_stack(word.value) && word.value % 8 == 0;
      const bool is_last = at + 16 > stack.range.end();
      const bool is_record = is_pointer && !is_last && is_code(pac.strip(Memory::word(at + 8)));
      if (is_record) {
        auto& list = is_live && is_read ? records : stale;
        list.push_back({at, Memory::word(at + 8)});
      }
      if (!is_live) continue;
      // Most of a stack is zeros that nobody has ever used.
      if (word.value != 0 || is_read) live.push_back(word);
      if (is_read) read.push_back(word);
      if (is_code(pac.strip(word.value))) texts.push_back(word);
      if (is_pointer) pointers.push_back(word);
    }
  }
}

void Words::add_entries(const Capture& capture) {
  if (capture.return_stacks.empty()) return;
  const std::uint64_t stack = capture.return_stacks[0];
  depth_at = stack + SUREFOOT_RETURN_STACK_OFFSET_DEPTH;
  const std::uint64_t both = Memory::word(depth_at);
  const std::uint64_t first = Memory::word(stack + SUREFOOT_RETURN_STACK_OFFSET_ENTRIES);
  const std::uint64_t depth = std::min(both & 0xffffffff, both >> 32);
  for (std::uint64_t i = 0; i < depth; ++i) entries.push_back(first + i * SUREFOOT_RETURN_ENTRY_SIZE);
}

}  // namespace corrupt
