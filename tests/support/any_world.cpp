// SPDX-License-Identifier: MIT
//
// Stacks are cut out of one block of memory, which is filled with records and exception frames that lead upwards
// mostly, and with words of every sort.
#include "support/any_world.hpp"

#include <algorithm>
#include <bit>
#include <memory>

#include "support/layouts.hpp"
#include "support/return_stack_depth.hpp"

namespace surefoot::testing {
namespace {

constexpr std::size_t word_count = 320;
constexpr std::uint64_t code_at[] = {0x4000'0000, 0x5000'0000, 0xffff'8000'0000'0000};
constexpr std::uint64_t code_size = 0x200;

alignas(4096) std::uint64_t memory[word_count];

std::uint64_t address_of(std::size_t index) { return std::bit_cast<std::uint64_t>(&memory[0]) + 8 * index; }

// Three words, and a record that is the slots of two registers.
constexpr ExceptionLayout tiny_layout{.size = 24,
                                      .pc = 16,
                                      .pstate = ExceptionLayout::absent,
                                      .sp = ExceptionLayout::absent,
                                      .fp = 0,
                                      .lr = 8,
                                      .x9 = ExceptionLayout::absent,
                                      .record = 0,
                                      .typing = RecordTyping::untyped};

}  // namespace

AnyWorld::AnyWorld(RandomSource& random) : random_(random), is_narrow_(random.is_chosen(20)) {
  for (const std::uint64_t start : code_at) {
    if (regions.empty() || random_.is_chosen(60)) add_region(start, code_size);
    if (random_.is_chosen(20)) add_region(start + code_size, code_size);
  }
  describe_kernel();
  add_stacks();
  fill();
  add_return_stacks();
  choose_start();
}

Task AnyWorld::task(const ForeignMemory* foreign) const {
  return {.stacks = own_set_,
          .cpu_stacks = cpu_set_,
          .final_record_at = final_record_at,
          .return_stacks = return_stacks,
          .shadow_call_stack = shadow_call_stack,
          .memory = foreign};
}

bool AnyWorld::may_read(std::uint64_t address) const {
  if (address % 8 != 0) return false;
  for (const std::vector<Stack>* const set : {&own_stacks, &cpu_stacks}) {
    for (const Stack& stack : *set) {
      // Written out, so that it does not lean on the arithmetic that is under test.
      if (address >= stack.range.start() && address < stack.range.end() && stack.range.end() - address >= 8)
        return true;
    }
  }
  const bool is_in_frame = address >= frame_at && address - frame_at < description.exception.size;
  if (start_->kind() == Start::Kind::exception && is_in_frame) return true;
  const Witnesses::Chosen& chosen = description.witnesses.chosen();
  const AddressRange& shadow = shadow_call_stack;
  if (chosen.shadow_call_stack && address >= shadow.start() && address + 8 <= shadow.end()) return true;
  if (!chosen.call_site && !chosen.call_target) return false;
  return std::ranges::any_of(regions, [address](const Region& region) {
    return address + 8 > region.text.start() && address < region.text.end();
  });
}

std::uint64_t AnyWorld::word_at(std::uint64_t address) const {
  const std::uint64_t index = (address - address_of(0)) / 8;
  if (index < word_count) return memory[index];
  // Code: every other pair of instructions begins with a call.
  return address % 16 == 0 ? 0xd503'201f'9400'0000 : 0xd63f'0100'd503'201f;
}

Rule AnyWorld::random_rule() {
  const auto offset = static_cast<std::int32_t>(8 * random_.below(8));
  const auto cfa = static_cast<std::int32_t>(16 * random_.below(4));
  switch (random_.below(9)) {
    case 0: return {};
    case 1: return {.pc = From::link_register, .base = Base::sp, .cfa_offset = cfa};
    case 2: return {.pc = From::link_register, .lr = From::x9};
    case 3: return {.pc = From::x9, .lr = From::link_register, .base = Base::sp, .cfa_offset = cfa};
    case 4: return {.pc = From::stack, .lr = From::link_register, .offset = offset};
    case 5: return {.pc = From::return_stack};
    case 6: return {.pc = From::exception_frame};
    case 7: return {.pc = From::frame_record, .in_flight = 2, .offset = offset, .fp_offset = offset - 24};
    default: return {.pc = From::frame_record, .in_flight = static_cast<std::uint8_t>(random_.below(3))};
  }
}

SectionRow AnyWorld::random_row(std::uint64_t function) {
  const auto words = [this](std::size_t limit) { return static_cast<std::int32_t>(8 * random_.below(limit)); };
  const auto any = [this] { return static_cast<std::int32_t>(static_cast<std::int8_t>(random_.word())); };
  const std::uint64_t narrow = function % 0x80 == 0 ? 0 : random_.one_of({4, 7, 8});
  switch (is_narrow_ ? narrow : random_.below(10)) {
    case 0:
    case 1: return {.words = {2 * words(3)}};
    case 2: return {.base = Base::fp, .words = {16 + 2 * words(2), -8, -16}};
    case 3: return {.words = {2 * words(4), -words(6), -words(6)}};
    case 4: return {.words = {2 * words(3), -words(4)}};
    case 5: return {.base = Base::fp, .words = {2 * words(4), 24 - words(6), 24 - words(6)}};
    case 6: return {};
    // Slots at the caller's sp and above: in no frame.
    case 7: return {.words = {2 * words(2), words(3)}};
    case 8: return {.words = {2 * words(2), words(3), words(3)}};
    default: return {.base = random_.is_chosen(50) ? Base::sp : Base::fp, .words = {any(), any(), any()}};
  }
}

void AnyWorld::add_region(std::uint64_t start, std::uint64_t size) {
  Tables& tables = tables_.emplace_back();
  Region region{.text = AddressRange(start, start + size), .special_ranges = SpecialRanges::none()};
  for (std::uint64_t at = start + 4 * random_.below(8); at + 0x20 <= start + size; at += 4 * random_.below(48)) {
    const AddressRange range(at, at + 4 * (1 + random_.below(8)));
    const auto kind = static_cast<SpecialKind>(1 + random_.below(8));
    tables.special.push_back({.range = range, .kind = kind, .rule = random_rule()});
    at = range.end();
  }
  for (std::uint64_t at = start + 4 * random_.below(64); at + 4 <= start + size; at += 4 * (1 + random_.below(64))) {
    tables.calls.push_back({.range = AddressRange(at, at + 4), .kind = SpecialKind::call_without_record});
  }
  std::vector<SectionFunction> functions;
  for (std::uint64_t at = start; at + 0x40 <= start + size; at += 0x40) {
    if (random_.is_chosen(70)) functions.push_back({.start = at, .size = 0x40, .rows = {random_row(at)}});
    if (random_.is_chosen(20)) tables.sites.push_back(at);
  }
  if (!tables.special.empty()) region.special_ranges = SpecialRanges::make(tables.special).value_or(SpecialRanges());
  if (!tables.calls.empty() && random_.is_chosen(60)) {
    region.calls_without_record = SpecialRanges::make(tables.calls).value_or(SpecialRanges());
  }
  if (random_.is_chosen(70)) {
    const std::uint64_t table_at = start + 0x1'0000;
    tables.section = make_section(functions, {.address = table_at});
    region.frame_table = FrameTable::make(tables.section, table_at).value_or(FrameTable());
  }
  if (random_.is_chosen(50)) region.patch_sites = PatchSites::make(tables.sites, 0, 8).value_or(PatchSites());
  regions.push_back(region);
}

void AnyWorld::describe_kernel() {
  intervals_.resize(CodeMap::intervals_needed(regions));
  code_ = CodeMap::make(regions, intervals_).value_or(CodeMap());
  const ExceptionLayout layouts[] = {{}, compact_layout, linux_6_1_layout, linux_6_13_layout, tiny_layout};
  description.code = &code_;
  description.exception = layouts[random_.below(std::size(layouts))];
  if (random_.is_chosen(60)) description.pac = PointerAuthMask::for_address_bits(48);
  if (random_.is_chosen(5)) description.pac = PointerAuthMask(random_.word());
  if (random_.is_chosen(40)) description.tags = AddressTagMask::for_top_byte();
  if (random_.is_chosen(5)) description.tags = AddressTagMask(random_.word());
  const Witnesses::Chosen chosen{.call_site = random_.is_chosen(50),
                                 .call_target = random_.is_chosen(50),
                                 .frame_table_chain = random_.is_chosen(50),
                                 .shadow_call_stack = random_.is_chosen(50)};
  if (random_.is_chosen(40)) description.witnesses = Witnesses(chosen);
  description.policy = static_cast<Policy>(random_.below(2));
  kernel_ = Kernel::make(description).value();
}

void AnyWorld::add_stacks() {
  std::size_t at = random_.below(4);
  while (at + 2 < word_count && own_stacks.size() + cpu_stacks.size() < max_stacks + 1) {
    const std::size_t size = random_.is_chosen(90) ? 2 + random_.below(120) : random_.below(4);
    const std::size_t end = std::min(at + size, word_count);
    std::uint64_t cut_start = 0;
    std::uint64_t cut_end = 0;
    if (random_.is_chosen(10)) cut_start = random_.below(8);
    if (random_.is_chosen(10)) cut_end = random_.below(8);
    std::vector<Stack>& set = random_.is_chosen(60) ? own_stacks : cpu_stacks;
    if (end > at + 1) set.push_back({.range = AddressRange(address_of(at) + cut_start, address_of(end) - cut_end)});
    at = end + (random_.is_chosen(60) ? 0 : random_.below(8));
  }
  // A stack that is in both sets, in part: each of them by itself is right.
  if (random_.is_chosen(5) && !own_stacks.empty()) cpu_stacks = {own_stacks.back()};
  const auto set_of = [](std::vector<Stack>& stacks) {
    const auto made = StackSet::make(stacks);
    if (!made) stacks.clear();
    return made.value_or(StackSet());
  };
  own_set_ = set_of(own_stacks);
  cpu_set_ = set_of(cpu_stacks);
  const std::size_t shadow_at = random_.below(word_count);
  const std::size_t shadow_end = shadow_at + random_.below(word_count - shadow_at);
  shadow_call_stack = {address_of(shadow_at), address_of(shadow_end) + (random_.is_chosen(5) ? 4 : 0)};
}

std::uint64_t AnyWorld::code_address() {
  if (random_.is_chosen(5)) return random_.word();
  const Region& region = regions[random_.below(regions.size())];
  const Tables& tables = tables_[static_cast<std::size_t>(&region - regions.data())];
  const std::uint64_t tag = random_.is_chosen(10) ? 0x005a'0000'0000'0000 : 0;
  if (!tables.special.empty() && random_.is_chosen(25)) {
    const AddressRange& range = tables.special[random_.below(tables.special.size())].range;
    return (random_.is_chosen(60) ? range.start() : range.start() + 4 * random_.below(10)) ^ tag;
  }
  if (!tables.calls.empty() && random_.is_chosen(15))
    return tables.calls[random_.below(tables.calls.size())].range.end();
  return (region.text.start() + 4 * random_.below((is_narrow_ ? 0x80 : code_size) / 4 + 1)) ^ tag;
}

std::uint64_t AnyWorld::stack_address() {
  const std::uint64_t tag = random_.is_chosen(5) ? 0x5a00'0000'0000'0000 : 0;
  return (address_of(random_.below(word_count)) + (random_.is_chosen(4) ? random_.below(8) : 0)) ^ tag;
}

std::uint64_t AnyWorld::random_word() {
  switch (random_.below(8)) {
    case 0: return 0;
    case 1: return random_.below(4);
    case 2: return random_.word();
    case 3: return code_address();
    default: return stack_address();
  }
}

void AnyWorld::fill() {
  const ExceptionLayout& layout = description.exception;
  std::ranges::fill(memory, std::uint64_t{0});  // of the world before
  const bool is_calm = random_.is_chosen(60);
  std::size_t at = 0;
  std::size_t below = word_count;  // the word that is to hold the address of the next record
  const auto put_at = [](std::size_t index, std::uint64_t value) {
    if (index < word_count) memory[index] = value;
  };
  std::vector<std::uint64_t> records;
  // Half of the wrong places are records that may have been met before: circles.
  const auto wrong_place = [&] {
    return records.empty() || random_.is_chosen(50) ? stack_address() : records[random_.below(records.size())];
  };
  const auto link_to = [&](std::size_t record) {
    put_at(below, random_.is_chosen(92) ? address_of(record) : wrong_place());
    records.push_back(address_of(record));
  };
  while (at < word_count) {
    const std::size_t kind = random_.below(is_calm ? 70 : 100);
    if (kind < 60) {
      for (std::size_t gap = random_.is_chosen(70) ? 0 : random_.below(5); gap > 0; --gap) put_at(at++, random_word());
      link_to(at);
      put_at(at + 1, code_address());
      below = at;
      at += 2;
    } else if (kind < 68) {
      link_to(at + layout.record / 8U);
      if (at + layout.size / 8U <= word_count) frame_at = address_of(at);
      for (std::size_t i = 0; i < layout.size / 8U; ++i) put_at(at + i, random_word());
      const auto put = [&](std::uint16_t offset, std::uint64_t value) {
        if (offset != ExceptionLayout::absent) put_at(at + offset / 8U, value);
      };
      if (layout.typing == RecordTyping::typed) {
        put(layout.record, 0);
        put(static_cast<std::uint16_t>(layout.record + 8), 0);
        put(static_cast<std::uint16_t>(layout.record + 16), layout.exception_type);
      }
      put(layout.pc, code_address());
      put(layout.sp, random_.is_chosen(80) ? address_of(at + layout.size / 8U) : wrong_place());
      put(layout.lr, code_address());
      put(layout.x9, code_address());
      put(layout.pstate, random_.is_chosen(90) ? pstate_el1h : random_.below(32));
      below = at + layout.fp / 8U;
      at += layout.size / 8U;
    } else if (kind < 72) {
      link_to(at);
      put_at(at, 0);
      put_at(at + 1, 0);
      put_at(at + 2, random_.is_chosen(80) ? layout.final_type : random_word());
      if (random_.is_chosen(60)) final_record_at = address_of(at);
      below = word_count;
      at += 3;
    } else {
      put_at(at++, random_word());
    }
  }
  put_at(below, stack_address());
  if (random_.is_chosen(5)) final_record_at = stack_address();
}

void AnyWorld::add_return_stacks() {
  const std::size_t count = random_.is_chosen(50) ? 0 : random_.below(random_.is_chosen(95) ? 4 : 6);
  for (std::size_t number = 0; number < count; ++number) {
    ReturnStack& stack = return_objects_.emplace_back(std::span(entries_[number]).first(random_.below(7)));
    return_stacks.push_back(&stack);
    for (std::size_t left = random_.below(7); left > 0; --left) {
      const std::uint64_t address = code_address() | 4;
      const ReturnEntry entry{.return_address = address, .key = stack_address(), .hook = code_address()};
      if (!stack.push(entry)) break;
      // A record that the entry answers for.
      const std::size_t index = random_.below(word_count - 1);
      if (random_.is_chosen(70)) {
        memory[index] = entry.key;
        memory[index + 1] = entry.hook;
      }
      if (random_.is_chosen(10)) entries_[number][stack.depth() - 1].return_address = 0;
    }
    if (random_.is_chosen(4)) set_depth(stack, static_cast<std::uint32_t>(stack.capacity() + 1 + random_.below(1000)));
  }
}

void AnyWorld::choose_start() {
  registers = {.fp = stack_address(), .sp = stack_address(), .pc = code_address()};
  if (!own_stacks.empty() && random_.is_chosen(70)) {
    registers.sp = own_stacks.front().range.start();
    registers.fp = (registers.sp + 7) / 8 * 8;
  }
  if (random_.is_chosen(5)) activity.enter_cpu();
  // A frame that is there, whole, at an address that is a multiple of 8.
  if (frame_at == 0 || random_.is_chosen(20)) {
    frame_at = address_of(random_.below(word_count - description.exception.size / 8U));
  }
  // A mask of any bits may name another place, which is not there.
  const bool has_frame = description.tags.strip(frame_at) == frame_at;
  switch (random_.below(has_frame ? 8 : 5)) {
    case 0:
    case 1:
    case 2: start_ = Start::at_call(registers); break;
    case 3: start_ = Start::blocked_task(registers, activity); break;
    case 4: start_ = Start::no_stack(); break;
    // SAFETY: a walk reads of the frame what the kernel's layout says, and all of that is in the memory.
    case 5: start_ = Start::exception(*std::bit_cast<const ExceptionFrame*>(frame_at)); break;
    default: start_ = Start::exception_at(frame_at); break;
  }
}

}  // namespace surefoot::testing
