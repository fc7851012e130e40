// SPDX-License-Identifier: MIT
//
// The fast loop, alone: all that a walk of plain records does. A record is plain if its return address is in plain code
// that was found before, and the next record is further up on the present stack. Decides nothing but that: it notes no
// evidence, and ends a walk only where a word cannot be read.
#pragma once

#include "returns.hpp"
#include "state.hpp"

namespace surefoot::detail {

/// True if the newest entries' hooks are no addresses of plain code, so that a return address there is what it seems.
[[nodiscard, gnu::always_inline]] inline bool are_hooks_special(const State& state) noexcept {
  if (!has_unused(state)) return true;
  const CodeMap& code = *state.code;
  for (std::size_t number = 0; number < state.task->return_stacks.size(); ++number) {
    const ReturnEntry* const entry = find_newest(state, number);
    if (entry == nullptr || (state.near.hook != 0 && entry->hook == code[state.near.hook].start)) continue;
    if (state.near.plain.contains(entry->hook, 0) || PlainCode(code, state.near.other).contains(entry->hook, 0)) {
      return false;
    }
  }
  return true;
}

/// Stores the frames of plain records to [out, end), as far as that goes, beginning with the record at next.fp, which may
/// be read. Returns the first record that is not plain, or that there is no room for; next.fp is where it is. `is_plain`
/// tells that nothing is to be said of the first frame but what its record says.
template <bool is_foreign>
[[gnu::noinline]] FrameRecord follow_plain_records(State& state, bool is_plain, Frame* out, const Frame* end) noexcept {
  const bool may_take = is_plain && are_hooks_special(state);
  PlainCode plain = may_take ? state.near.plain : PlainCode();
  // Stripped, a return address of plain code has these bits, whichever it had.
  const std::uint64_t code_mask = state.kernel->pac().bits();
  std::uint64_t code_bits = state.kernel->pac().strip(plain.start()) & code_mask;
  const std::uint64_t last = state.stack.end - sizeof(FrameRecord);  // the record at next.fp is there, or below
  const Frame* const first = out;
  std::uint64_t low = state.stack.low;
  std::uint64_t at = state.next.fp;
  FrameRecord record{};
  for (;;) {
    if constexpr (is_foreign) {
      if (!read_or_stop(state, at + SUREFOOT_FRAME_RECORD_OFFSET_FP, record.fp) ||
          !read_or_stop(state, at + SUREFOOT_FRAME_RECORD_OFFSET_LR, record.lr)) {
        break;
      }
    } else {
      record.fp = load_word(at + SUREFOOT_FRAME_RECORD_OFFSET_FP);
      record.lr = load_word(at + SUREFOOT_FRAME_RECORD_OFFSET_LR);
    }
  again:
    const std::uint64_t pc = (record.lr & ~code_mask) | code_bits;
    const std::uint64_t consumed = at + sizeof(FrameRecord);
    if (out != end && plain.contains(pc, record.fp) && record.fp >= consumed && record.fp <= last) [[likely]] {
      *out++ = {.pc = pc,
                .evidence = {},
                .kind = CodeAddress::Kind::return_address,
                .source = Source::frame_record,
                .special = SpecialKind::none};
      low = consumed;
      at = record.fp;
      continue;
    }
    // From the image to a module and back: between the two intervals that were found last.
    if (out == end || !may_take) break;
    const PlainCode other(*state.code, state.near.other);
    if (!other.contains(state.kernel->pac().strip(record.lr), 0)) break;
    state.near.other = plain.index();
    state.near.plain = plain = other;
    code_bits = state.kernel->pac().strip(plain.start()) & code_mask;
    goto again;  // once: no address is in two intervals
  }
  state.next.fp = at;
  state.stack.low = low;
  state.totals.count += static_cast<std::uint32_t>(out - first);
  return record;
}

}  // namespace surefoot::detail
