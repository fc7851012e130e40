// SPDX-License-Identifier: MIT
//
// Random memory. Each stack is first filled with words of every sort, then with records, most of which lead upwards.
#include "support/chaos.hpp"

#include <algorithm>

#include "support/code_map.hpp"
#include "support/range_table.hpp"
#include "support/return_stack_depth.hpp"

namespace surefoot::testing {

Chaos::Chaos(RandomSource& random) : random_(random), is_calm_(random.is_chosen(50)) {
  // Sometimes adjacent, sometimes apart.
  std::uint64_t base = random_.is_chosen(95) ? 0x7000'0000 : 0;
  const std::size_t stack_count = 1 + random_.below(3);
  for (std::size_t i = 0; i < stack_count; ++i) {
    add_stack(base);
    base = memory.stacks.back().end() + random_.one_of({0, 8, 0x1000});
  }
  for (FlatStack& stack : memory.stacks) {
    for (std::uint64_t& word : stack.words) word = random_word();
  }
  FlatStack& last = memory.stacks.back();
  const std::size_t final_index = last.words.size() - 3 - random_.below(3);
  // From the top down, so that each record knows its caller's.
  std::uint64_t caller_at = last.base + 8 * final_index;
  for (std::size_t i = memory.stacks.size(); i > 0; --i) {
    FlatStack& stack = memory.stacks[i - 1];
    const std::size_t top = i == memory.stacks.size() ? final_index : stack.words.size();
    const bool has_exception = random_.is_chosen(is_calm_ ? 10 : 50);
    const std::size_t exception_index = random_.below(stack.words.size());
    exception_at_ = stack.base + 8 * exception_index + SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD;
    if (!has_exception) exception_at_ = 0;
    for (std::size_t index = top; index >= 2 && index <= top; index -= 2 + random_.below(4)) {
      if (index >= 14 && random_.is_chosen(4)) {
        caller_at = plant_ftrace_frame(stack, index - 9, caller_at);
        index -= 12;
        continue;
      }
      caller_at = plant_record(stack, index - 2, caller_at);
    }
    if (has_exception) plant_exception_frame(stack, exception_index);
  }
  last.words[final_index] = 0;
  last.words[final_index + 1] = 0;
  last.words[final_index + 2] = SUREFOOT_METADATA_FINAL;

  stacks_ = memory.declared();
  context.stacks = stacks_;
  text_ = {AddressRange(code::text_start, code::text_end), AddressRange(0xffff'8000'0000'0000, 0xffff'8000'0000'1000)};
  context.text = text_;
  if (!is_nasty(6))
    context.special_ranges = random_.is_chosen(5) ? SpecialRanges::none() : ruled_table().make().value();
  if (random_.is_chosen(60)) context.pac = PointerAuthMask::for_address_bits(48);
  if (random_.is_chosen(60)) {
    const ProgramTable& table = random_program_table(random_);
    context.frame_table = &table.table();
    frame_table = &table.slow();
  }
  if (random_.is_chosen(50)) context.policy = Policy::exact;
  context.final_record_at = is_nasty(10) ? random_stack_address() : last.base + 8 * final_index;
  plant_return_entries();
  if (memory.stacks.front().base == 0 && is_nasty(30)) {
    // A final record where there cannot be one.
    const std::uint64_t final_record[] = {0, 0, SUREFOOT_METADATA_FINAL};
    std::ranges::copy(final_record, memory.stacks.front().words.begin());
    context.final_record_at = 0;
  }
  start.is_exception = random_.is_chosen(30);
  start.registers = {.fp = caller_at, .sp = memory.stacks.front().base, .pc = random_code_address()};
  if (is_nasty(30)) start.registers.sp = random_stack_address() + random_.below(8);
  if (is_nasty(3)) start.registers.sp = random_.one_of({0, ~std::uint64_t{15}, memory.stacks.front().base - 16});
  if (is_nasty(20)) start.registers.fp = random_word();
  if (context.final_record_at == 0 && random_.is_chosen(50)) start.registers.fp = 0;
  start.lr = random_code_address();
  start.x9 = random_code_address();
  if (is_nasty(10)) start.pstate = random_.one_of({0, 0x3c0, 0x10, 0x1f});
}

bool Chaos::is_nasty(unsigned percent) { return !is_calm_ && random_.is_chosen(percent); }

void Chaos::add_stack(std::uint64_t base) {
  memory.stacks.push_back({.base = base, .words = std::vector<std::uint64_t>(8 + random_.below(88))});
}

std::uint64_t Chaos::random_stack_address() {
  const FlatStack& stack = memory.stacks[random_.below(memory.stacks.size())];
  return stack.base + 8 * random_.below(stack.words.size() + 2);
}

std::uint64_t Chaos::random_code_address() {
  const std::uint64_t ordinary = code::ret(static_cast<unsigned>(random_.below(200)));
  if (is_calm_ && random_.is_chosen(70)) return ordinary;
  switch (random_.below(40)) {
    case 0:
    case 1:
    case 2:
    case 3: return code::handler;
    case 4:
    case 5: return code::probe;
    case 6:
    case 7: return ordinary | 0x005a'0000'0000'0000;
    default: break;
  }
  if (is_calm_) return ordinary;
  switch (random_.below(30)) {
    case 0: return code::after_ftrace_call;
    case 1: return code::vectors.start() + 4 * random_.below(8);
    case 2: return code::ftrace_graph_caller.start() + 4 * random_.below(4);
    case 3: return code::text_end + 4 * random_.below(2);
    case 4: return code::return_to_handler.start() + 4 * random_.below(4);
    case 8: return code::ftrace_caller.start() + 4 * random_.below(4);
    case 9: return code::ftrace_tail.start() + 4 * random_.below(14);
    case 10: return code::veneer.start() + 4 * random_.below(4);
    case 5: return ordinary + 1;
    case 6: return 0xffff'8000'0000'0010;
    case 7: return 0x007f'8000'0000'0010 | std::uint64_t{1} << 55;
    default: return ordinary;
  }
}

std::uint64_t Chaos::random_word() {
  switch (random_.below(8)) {
    case 0: return 0;
    case 1: return 1 + random_.below(3);
    case 2: return random_.word();
    case 3: return random_.one_of({~std::uint64_t{0}, ~std::uint64_t{7}, ~std::uint64_t{15}, 8, 0x6fff'fff8});
    case 4: return random_stack_address() + random_.below(8);
    case 5: return random_code_address();
    default: return random_stack_address();
  }
}

std::uint64_t Chaos::plant_record(FlatStack& stack, std::size_t index, std::uint64_t caller_at) {
  const std::uint64_t record_at = stack.base + 8 * index;
  std::uint64_t fp = caller_at;
  if (is_nasty(12)) fp = random_stack_address();
  if (is_nasty(4)) fp = random_word();
  if (exception_at_ > record_at && random_.is_chosen(20)) fp = exception_at_;
  std::uint64_t lr = random_code_address();
  if (is_nasty(4)) lr = random_word();
  if (is_nasty(3)) {
    // The hook of an entry that is no code.
    lr = random_.one_of({1, random_stack_address(), code::text_end, code::probe + 2});
    planted_.push_back({.return_address = random_code_address(), .function = 1, .key = fp, .hook = lr});
  }
  stack.words[index] = fp;
  stack.words[index + 1] = lr;
  if (is_nasty(4)) {
    // No record after all: metadata of any type, which the words above it tell.
    stack.words[index] = 0;
    stack.words[index + 1] = 0;
    return record_at;
  }
  const bool is_hooked = lr == code::handler || lr == code::probe;
  if (is_hooked && !is_nasty(20)) {
    planted_.push_back({.return_address = random_code_address(), .function = 1, .key = fp, .hook = lr});
    if (planted_.back().return_address == code::handler || planted_.back().return_address == code::probe) {
      // What the hook took was a hook: the older entry that it needs.
      ReturnEntry older{
          .return_address = random_code_address(), .function = 1, .key = fp, .hook = planted_.back().return_address};
      planted_.insert(planted_.end() - 1, older);
    }
  }
  if (lr != 0 && random_.is_chosen(2)) {
    planted_.push_back({.return_address = lr, .function = 1, .key = fp, .hook = code::handler});
  }
  return record_at;
}

// The last nine words of an FtraceFrame, and the record of its tracer below.
std::uint64_t Chaos::plant_ftrace_frame(FlatStack& stack, std::size_t index, std::uint64_t caller_at) {
  const std::uint64_t function_record = stack.base + 8 * (index + 5);
  const std::uint64_t caller_record = function_record + 16;
  const std::uint64_t resumed = code::ret(static_cast<unsigned>(random_.below(200)));
  const std::uint64_t lr = code::ret(static_cast<unsigned>(random_.below(200)));
  std::uint64_t saved_lr = lr;
  for (std::size_t hooks = random_.below(3); hooks > 0 && random_.is_chosen(60); --hooks) {
    const std::uint64_t hook = random_.one_of({code::handler, code::probe});
    planted_.push_back({.return_address = saved_lr, .function = 1, .key = caller_at, .hook = hook});
    if (random_.is_chosen(80)) saved_lr = hook;
  }
  const std::uint64_t words[] = {is_nasty(10) ? random_word() : caller_at,
                                 is_nasty(10) ? random_code_address() : saved_lr,
                                 random_.word(),
                                 is_nasty(10) ? random_code_address() : resumed,
                                 random_.word(),
                                 is_nasty(5) ? random_stack_address() : caller_record,
                                 resumed,
                                 caller_at,
                                 is_nasty(5) ? random_code_address() : lr};
  std::ranges::copy(words, stack.words.begin() + static_cast<std::ptrdiff_t>(index));
  stack.words[index - 2] = function_record;
  stack.words[index - 1] = random_.one_of({code::after_ftrace_call, code::ftrace_graph_caller.start() + 8});
  return stack.base + 8 * (index - 2);
}

// At any index: one that does not fit is cut off, and has to be refused.
void Chaos::plant_exception_frame(FlatStack& stack, std::size_t index) {
  const auto put = [&](std::size_t word, std::uint64_t value) {
    if (index + word < stack.words.size()) stack.words[index + word] = value;
  };
  const std::uint64_t end = stack.base + 8 * index + SUREFOOT_EXCEPTION_FRAME_SIZE;
  put(SUREFOOT_EXCEPTION_FRAME_OFFSET_FP / 8,
      random_.is_chosen(70) ? end + 8 * random_.below(4) : random_stack_address());
  put(SUREFOOT_EXCEPTION_FRAME_OFFSET_SP / 8, random_.is_chosen(60) ? end : random_stack_address() + random_.below(2));
  put(SUREFOOT_EXCEPTION_FRAME_OFFSET_PC / 8, random_code_address());
  put(SUREFOOT_EXCEPTION_FRAME_OFFSET_LR / 8, random_code_address());
  put(SUREFOOT_EXCEPTION_FRAME_OFFSET_X0 / 8 + 9, random_code_address());
  put(SUREFOOT_EXCEPTION_FRAME_OFFSET_PSTATE / 8, is_nasty(10) ? random_.one_of({0, 0x3c0, 0x10, 0x1f}) : 0x3c5);
  const std::size_t record = SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD / 8;
  put(record, 0);
  put(record + 1, 0);
  put(record + 2, SUREFOOT_METADATA_EXCEPTION);
}

// In the order in which they were planted: the newest entry belongs to the lowest record.
void Chaos::plant_return_entries() {
  if (is_nasty(15)) return;
  context.return_stack = &return_stack_;
  for (const ReturnEntry& planted : planted_) {
    ReturnEntry entry = planted;
    if (is_nasty(15)) continue;
    if (is_nasty(8)) entry = planted_[random_.below(planted_.size())];
    if (is_nasty(8)) entry.key += 8;
    if (is_nasty(8)) entry.hook = random_.one_of({1, random_stack_address(), code::text_end, random_word()});
    if (!return_stack_.push(entry)) return;
    if (is_nasty(8)) storage_[return_stack_.depth() - 1].return_address = 0;
  }
  if (is_nasty(2))
    set_depth(return_stack_, return_stack_.capacity() + 1 + static_cast<std::uint32_t>(random_.below(1000)));
}

}  // namespace surefoot::testing
