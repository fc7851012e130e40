// SPDX-License-Identifier: MIT
//
// The words behind the stack pictures.
#include "support/memory.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>

namespace surefoot::testing {

StackImage& StackImage::mark(const std::string& label) {
  if (!labels_->emplace(label, end()).second) {
    std::cerr << "label '" << label << "' is set twice\n";
    std::abort();
  }
  return *this;
}

StackImage& StackImage::word(Ref value) {
  words_.push_back(std::move(value));
  return *this;
}

StackImage& StackImage::junk(std::size_t words) {
  for (std::size_t i = 0; i < words; ++i) word(0x7fff'0bad'0000'0001 + (end() & 0xffff'ffff));
  return *this;
}

StackImage& StackImage::record(const std::string& label, Ref fp, Ref lr) {
  return mark(label).word(std::move(fp)).word(std::move(lr));
}

StackImage& StackImage::metadata(const std::string& label, Ref type) {
  return mark(label).word(0).word(0).word(std::move(type));
}

StackImage& StackImage::exception_frame(const std::string& label, const Interrupted& registers) {
  mark(label + ".frame");
  for (std::uint64_t number = 0; number < 29; ++number) word(brand(number));
  word(registers.fp).word(registers.lr).word(registers.sp).word(registers.pc);
  word(0x3c5);  // PSTATE: EL1h, all exceptions masked
  junk(2);      // esr, far
  return metadata(label, registers.type).junk(1);
}

StackImage& StackImage::ftrace_frame(const std::string& label, const TracedCall& call) {
  mark(label + ".frame");
  for (std::uint64_t number = 0; number < 29; ++number) word(brand(number));
  word(call.saved_fp.value_or(call.parent_fp)).word(call.saved_lr.value_or(call.parent_return));
  junk(1);  // sp
  word(call.saved_pc ? Ref(*call.saved_pc) : call.function_return);
  junk(1);  // flags
  const std::string caller = label + ".caller";
  return record(label, caller.c_str(), call.function_return).record(caller, call.parent_fp, call.parent_return);
}

std::uint64_t Memory::resolve(const Ref& ref) const {
  if (ref.label().empty()) return ref.offset();
  const auto found = labels_.find(ref.label());
  if (found == labels_.end()) {
    std::cerr << "no label '" << ref.label() << "'\n";
    std::abort();
  }
  return found->second + ref.offset();
}

std::optional<std::uint64_t> Memory::word_at(std::uint64_t address) const {
  if (address % 8 != 0) return std::nullopt;
  for (const StackImage& stack : stacks_) {
    if (address >= stack.base() && address < stack.end()) {
      return resolve(stack.words()[(address - stack.base()) / 8]);
    }
  }
  const auto low = instructions_.find(address);
  const auto high = instructions_.find(address + 4);
  if (low == instructions_.end() && high == instructions_.end()) return std::nullopt;
  const auto bits = [&](auto found) { return found == instructions_.end() ? 0 : std::uint64_t{found->second}; };
  return bits(low) | bits(high) << 32;
}

std::vector<Stack> Memory::stacks() const {
  std::vector<Stack> stacks;
  for (const StackImage& stack : stacks_) {
    if (stack.words().empty()) continue;
    stacks.push_back({.range = AddressRange(stack.base(), stack.end()), .kind = stack.kind()});
  }
  return stacks;
}

bool Memory::is_whole() const {
  return std::ranges::all_of(stacks_, [this](const StackImage& stack) {
    return std::ranges::all_of(stack.words(),
                               [this](const Ref& word) { return word.label().empty() || has_label(word.label()); });
  });
}

std::size_t Memory::word_count() const {
  std::size_t count = 0;
  for (const StackImage& stack : stacks_) count += stack.words().size();
  return count;
}

}  // namespace surefoot::testing
