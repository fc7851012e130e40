// SPDX-License-Identifier: MIT
#include "calls.hpp"

#include <array>
#include <cstring>

#include "code/flow.hpp"

namespace corrupt_dump {

using surefoot::tools::Flow;

Calls::Calls(DumpedLinux& dump) {
  for (const surefoot::Region& region : dump.code().kernel().code().regions()) {
    add(dump, region.text);
    if (region.text.end() - region.text.start() > text_.end() - text_.start()) text_ = region.text;
  }
}

void Calls::add(DumpedLinux& dump, surefoot::AddressRange text) {
  const surefoot::CodeMap& code = dump.code().kernel().code();
  constexpr std::uint64_t page = 4096;
  std::array<std::byte, page> bytes{};
  for (std::uint64_t at = text.start() / page * page; at < text.end(); at += page) {
    if (!dump.memory().read(at, bytes)) continue;
    for (std::uint64_t offset = 0; offset < page; offset += 4) {
      std::uint32_t word = 0;
      std::memcpy(&word, bytes.data() + offset, sizeof word);
      const Flow flow = surefoot::tools::flow_of(word, at + offset);
      if (!flow.is_call() || !text.contains(at + offset)) continue;
      const std::uint64_t behind = at + offset + 4;
      all_.push_back(behind);
      if (flow.kind != Flow::Kind::call) {
        by_register_.push_back(behind);
        continue;
      }
      by_target_[flow.target].push_back(behind);
      const surefoot::Interval& target = code[code.find(flow.target)];
      const bool is_special = target.kind == surefoot::IntervalKind::special;
      const bool is_by_special = code[code.find(behind - 4)].kind == surefoot::IntervalKind::special;
      if (is_special && !is_by_special && target.special != surefoot::SpecialKind::veneer)
        of_special_.push_back(behind);
    }
  }
}

const std::vector<std::uint64_t>& Calls::of(std::uint64_t function) const {
  static const std::vector<std::uint64_t> none;
  const auto found = by_target_.find(function);
  return found == by_target_.end() ? none : found->second;
}

}  // namespace corrupt_dump
