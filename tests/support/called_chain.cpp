// SPDX-License-Identifier: MIT
#include "support/called_chain.hpp"

#include <algorithm>

#include "support/range_table.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint64_t stack_base = 0x7000'0000;
constexpr std::size_t stack_words = 400;
constexpr std::uint64_t shadow_base = 0x6800'0000;

// Function 0 is the task's first one, and has no caller.
const ProgramTable& table_of(bool has_varying) {
  const auto make = [](bool varying) {
    std::vector<SectionFunction> functions{{.start = code::function(0), .size = code::function_size, .rows = {{}}}};
    for (unsigned i = 1; i < CalledChain::function_count; ++i) {
      const CalledFrame frame = CalledChain::frame_of(i, varying);
      const auto size = static_cast<std::int32_t>(frame.size);
      const auto record = static_cast<std::int32_t>(frame.record);
      const auto cfa = frame.is_varying ? size - record : size;
      functions.push_back({.start = code::function(i),
                           .size = code::function_size,
                           .rows = {{.words = {0}},
                                    {.start = 8,
                                     .base = frame.is_varying ? Base::fp : Base::sp,
                                     .words = {cfa, record + 8 - size, record - size},
                                     .word_width = 2}}});
    }
    return functions;
  };
  static const ProgramTable fixed(make(false));
  static const ProgramTable varying(make(true));
  return has_varying ? varying : fixed;
}

std::uint32_t instruction_at(std::uint64_t address) {
  const std::uint64_t offset = (address - code::text_start) % code::function_size;
  const auto function = static_cast<unsigned>((address - code::text_start) / code::function_size);
  const std::uint64_t call = (offset - 0x3c) / 8;
  if (function >= CalledChain::function_count || offset % 8 != 4 || call >= CalledChain::calls_each) return 0xd503'201f;
  const auto target = CalledChain::target_of(function, static_cast<unsigned>(call));
  if (!target) return 0xd63f'0100;  // blr x8
  const std::uint64_t words = (code::function(*target) - address) / 4;
  return 0x9400'0000U | (static_cast<std::uint32_t>(words) & 0x03ff'ffffU);
}

}  // namespace

class CalledChain::Reader {
 public:
  explicit Reader(const FlatMemory& memory) : memory_(&memory) {}

  [[nodiscard]] bool read(std::uint64_t address, std::uint64_t& word) const noexcept {
    const std::optional<std::uint64_t> found = memory_->word_at(address);
    const bool is_code = address >= code::text_start && address < code::text_end;
    if (found) word = *found;
    if (!found && is_code) word = instruction_at(address) | std::uint64_t{instruction_at(address + 4)} << 32;
    return found || is_code;
  }

 private:
  const FlatMemory* memory_;
};

CalledFrame CalledChain::frame_of(unsigned function, bool has_varying) {
  const std::uint64_t size = 16 * (1 + function % 5);
  const bool is_low = function % 3 != 0;
  return {.size = size, .record = is_low ? 0 : size - 16, .is_varying = has_varying && function % 4 == 1};
}

std::optional<unsigned> CalledChain::target_of(unsigned function, unsigned call) {
  const unsigned others = function_count - 1;
  switch (call) {
    case 0: return 1 + (function * 3 + 1) % others;
    case 1: return 1 + (function * 7 + 5) % others;
    case 2: return std::nullopt;
    default: return 1 + (function * 3 + 1) % others;
  }
}

// Room below what is used, full of what was there before.
void CalledChain::push(std::size_t words, RandomSource& random) {
  std::vector<std::uint64_t>& all = memory.stacks[0].words;
  for (; words > 0; --words) {
    ++used_;
    const unsigned any = static_cast<unsigned>(random.below(function_count));
    const std::uint64_t here = memory.stacks[0].end() - 8 * used_;
    all[all.size() - used_] = random.one_of({0, random.word(), return_of(any, 1), here + 16, here + 64});
  }
}

CalledChain::CalledChain(RandomSource& random, bool has_varying) {
  memory.stacks.push_back({.base = stack_base, .words = std::vector<std::uint64_t>(stack_words)});
  memory.stacks.push_back({.base = shadow_base, .words = {}});
  FlatStack& stack = memory.stacks[0];
  push(2 * random.below(4) + 4, random);
  const std::uint64_t final_at = stack.end() - 8 * used_;
  stack.at(final_at) = 0;
  stack.at(final_at + 8) = 0;
  stack.at(final_at + 16) = SUREFOOT_METADATA_FINAL;

  std::uint64_t fp = final_at;
  unsigned function = 0;
  unsigned call = static_cast<unsigned>(random.below(calls_each));
  truth.push_back(return_of(0, call));
  for (std::size_t depth = 2 + random.below(10); depth > 0; --depth) {
    const std::uint64_t return_address = return_of(function, call);
    function = target_of(function, call).value_or(1 + static_cast<unsigned>(random.below(function_count - 1)));
    const CalledFrame frame = frame_of(function, has_varying);
    push(frame.size / 8, random);
    const std::uint64_t record = stack.end() - 8 * used_ + frame.record;
    stack.at(record) = fp;
    stack.at(record + 8) = return_address;
    memory.stacks[1].words.push_back(return_address);
    return_slots.push_back((record + 8 - stack.base) / 8);
    records.push_back(record);
    fp = record;
    if (frame.is_varying) push(2 * random.below(4), random);
    call = static_cast<unsigned>(random.below(calls_each));
    truth.push_back(return_of(function, call));
  }
  std::ranges::reverse(truth);
  std::ranges::reverse(return_slots);
  std::ranges::reverse(records);
  start = {.fp = fp, .sp = stack.end() - 8 * used_, .pc = truth.front()};

  stacks_.push_back({.range = AddressRange(stack.base, stack.end())});
  context.stacks = stacks_;
  context.text = text_;
  context.special_ranges = usual_table().make().value();
  context.frame_table = &table_of(has_varying).table();
  context.final_record_at = final_at;
  context.shadow_call_stack = AddressRange(shadow_base, memory.stacks[1].end());
}

Walked CalledChain::walk() const {
  std::vector<Frame> buffer(64);
  const Trace trace = testing::walk(Start::at_call(start), context, buffer, Reader(memory));
  return {.frames = {trace.frames.begin(), trace.frames.end()}, .verdict = trace.verdict};
}

std::vector<std::uint64_t> CalledChain::pcs(const Walked& walked) {
  std::vector<std::uint64_t> pcs;
  for (const Frame& frame : walked.frames) pcs.push_back(frame.pc);
  return pcs;
}

}  // namespace surefoot::testing
