// SPDX-License-Identifier: MIT
//
// The random program. Stacks grow downwards here, as they do where they are real.
#include "support/true_chain.hpp"

#include <algorithm>
#include <cstdlib>

#include "support/code_map.hpp"
#include "support/range_table.hpp"

namespace surefoot::testing {

TrueChain::TrueChain(RandomSource& random) : random_(random), has_table_(random.is_chosen(50)) {
  const std::size_t stack_count = 1 + random_.below(4);
  for (std::size_t i = 0; i < stack_count; ++i) {
    memory.stacks.push_back(
        {.base = 0x7000'0000 + 0x10'0000 * i, .words = std::vector<std::uint64_t>(60 + 2 * random_.below(60))});
  }
  leave_gap();
  push_word(SUREFOOT_METADATA_FINAL);
  push_word(0);
  fp_ = push_word(0);
  context.final_record_at = fp_;

  const std::size_t calls = 1 + random_.below(20);
  for (std::size_t i = 0; i < calls; ++i) {
    if (!has_room(80)) change_stack();
    if (!has_room(80)) break;
    if (random_.is_chosen(15)) change_stack();
    if (random_.is_chosen(has_table_ ? 15 : 4) && has_room(80)) take_exception();
    if (random_.is_chosen(8) && has_room(80)) trace_call();
    random_.is_chosen(40) ? call_traced() : call_ordinary();
  }
  leave_gap();
  start = {.fp = fp_, .sp = stack().end() - 8 * used_, .pc = random_return_address()};
  truth.push_back(start.pc);
  std::ranges::reverse(truth);

  stacks_ = memory.declared();
  context.stacks = stacks_;
  text_[0] = AddressRange(code::text_start, code::text_end);
  context.text = text_;
  context.special_ranges = usual_table().make().value();
  context.return_stack = &return_stack_;
  context.pac = PointerAuthMask::for_address_bits(48);
  if (has_table_) context.frame_table = &true_program_table().table();
  if (random_.is_chosen(60)) context.policy = Policy::exact;
}

std::uint64_t TrueChain::push_word(std::uint64_t value) {
  ++used_;
  FlatStack& present = stack();
  present.words[present.words.size() - used_] = value;
  return present.end() - 8 * used_;
}

std::uint64_t& TrueChain::word_at(std::uint64_t address) {
  for (FlatStack& candidate : memory.stacks) {
    if (candidate.has_word(address)) return candidate.at(address);
  }
  std::abort();
}

std::uint64_t TrueChain::random_return_address() { return code::ret(static_cast<unsigned>(random_.below(200))); }

// Locals: stale addresses and numbers.
void TrueChain::leave_gap() {
  for (std::size_t words = random_.below(5); words > 0; --words) {
    push_word(random_.one_of({0, 1, 2, random_.word(), random_return_address(), code::handler, fp_}));
  }
  if (has_table_ && used_ % 2 != 0) push_word(random_.word());
}

// The record of a new function that returns to `return_address`, or to the hook of the last of `hooks`.
void TrueChain::call(const ReturnEntry* hooks, std::size_t hook_count, std::uint64_t return_address) {
  leave_gap();
  std::uint64_t in_record = return_address;
  for (std::size_t i = 0; i < hook_count; ++i) {
    (void)return_stack_.push(
        {.return_address = in_record, .function = hooks[i].function, .key = fp_, .hook = hooks[i].hook});
    in_record = hooks[i].hook;
  }
  if (random_.is_chosen(30)) in_record |= 0x005a'0000'0000'0000;  // signed
  push_word(in_record);
  fp_ = push_word(fp_);
  truth.push_back(return_address);
  records_.push_back({.at = fp_, .return_address = return_address, .is_traced = hook_count > 0});
}

void TrueChain::call_ordinary() { call(nullptr, 0, random_return_address()); }

// Traced, probed, both in either order, or a tail call of a traced function by a traced one.
void TrueChain::call_traced() {
  const ReturnEntry traced{.function = code::function(1), .hook = code::handler};
  const ReturnEntry probed{.function = code::function(2), .hook = code::probe};
  const ReturnEntry hooks[] = {traced, probed, traced, traced};
  const std::size_t first = random_.below(4);
  const std::size_t count = 1 + random_.below(4 - first);
  call(hooks + first, count, random_return_address());
}

// The next stack that was not used yet.
void TrueChain::change_stack() {
  if (stack_index_ + 1 == memory.stacks.size()) return;
  ++stack_index_;
  used_ = 0;
}

// A call of a function that makes no record, traced or not: what is in its link register.
std::uint64_t TrueChain::call_leaf() {
  const std::uint64_t return_address = random_return_address();
  truth.push_back(return_address);
  std::uint64_t lr = return_address;
  if (random_.is_chosen(40)) {
    (void)return_stack_.push(
        {.return_address = return_address, .function = code::function(3), .key = fp_, .hook = code::handler});
    lr = code::handler;
  }
  return random_.is_chosen(30) ? lr | 0x005a'0000'0000'0000 : lr;
}

// A function at its entry, in a trampoline that has called a tracer: its FtraceFrame, then the tracer's record. The
// tracer may have hooked its return, or be about to.
void TrueChain::trace_call() {
  leave_gap();
  const std::uint64_t parent_return = random_return_address();
  const std::uint64_t resumed = random_return_address();
  const std::uint64_t hooks[] = {code::probe, code::handler};
  std::uint64_t saved_lr = parent_return;
  for (std::size_t i = random_.below(3); i < 2; ++i) {
    (void)return_stack_.push({.return_address = saved_lr, .function = code::function(5), .key = fp_, .hook = hooks[i]});
    if (i == 0 || random_.is_chosen(50)) saved_lr = hooks[i];
  }
  push_word(parent_return);
  const std::uint64_t caller_record = push_word(fp_);
  push_word(resumed);
  const std::uint64_t function_record = push_word(caller_record);
  push_word(random_.word());  // flags
  push_word(resumed);
  push_word(random_.word());  // sp
  push_word(saved_lr);
  traced_.push_back({.registers_at = push_word(fp_), .parent = truth.size()});
  for (int i = 0; i < 29; ++i) push_word(random_.word());
  truth.push_back(parent_return);
  truth.push_back(resumed);
  fp_ = function_record;
  call(nullptr, 0, random_.one_of({code::after_ftrace_call, code::ftrace_graph_caller.start() + 8}));
}

// A slot is reserved and not filled, or not given back yet.
void TrueChain::interrupt_a_push() {
  if (!return_stack_.push({.return_address = 1, .function = code::function(4), .key = fp_, .hook = code::handler}))
    return;
  storage_[return_stack_.depth() - 1].return_address = 0;
}

// The interrupted function is in the middle of its body, or at a moment at which its record does not describe it. The
// handler has no record yet when it begins: the frame's own record takes its place.
void TrueChain::take_exception() {
  const auto number = static_cast<unsigned>(random_.below(200));
  const FrameShape shape = has_table_ ? shape_of(number) : FrameShape::unknown;
  std::uint64_t lr = random_.one_of({random_return_address(), code::handler, random_.word()});
  std::uint64_t fp = fp_;
  switch (shape) {
    case FrameShape::record:
      call_ordinary();
      fp = fp_;
      leave_gap();
      break;
    case FrameShape::new_record: random_.is_chosen(40) ? call_traced() : call_ordinary(); break;
    case FrameShape::leaf:
      leave_gap();
      lr = call_leaf();
      break;
    case FrameShape::saved_pc:
      leave_gap();
      push_word(random_.word());
      push_word(call_leaf());
      break;
    case FrameShape::unknown: crossed_unknown_code_ = true; break;
  }
  if (random_.is_chosen(20)) interrupt_a_push();
  const std::uint64_t sp = stack().end() - 8 * used_;
  const std::uint64_t interrupted_pc = code::pc(number);
  if (random_.is_chosen(50)) change_stack();
  push_word(0);
  push_word(SUREFOOT_METADATA_EXCEPTION);
  push_word(0);
  const std::uint64_t record_at = push_word(0);
  push_word(random_.word());  // far
  push_word(random_.word());  // esr
  pstates_.push_back(push_word(0x3c5));
  push_word(interrupted_pc);
  push_word(sp);
  push_word(lr);
  push_word(fp);
  for (int i = 0; i < 29; ++i) push_word(random_.word());
  fp_ = record_at;
  truth.push_back(interrupted_pc);
  crossed_exception = true;
}

}  // namespace surefoot::testing
