// SPDX-License-Identifier: MIT
#include "sweep/code_map.hpp"

#include "surefoot/ftrace.hpp"

namespace sweep {
namespace {

using surefoot::instruction_size;
using surefoot::SpecialKind;

constexpr bool is_of_tracing(SpecialKind kind) noexcept {
  switch (kind) {
    case SpecialKind::ftrace_call:
    case SpecialKind::ftrace_graph_caller:
    case SpecialKind::return_to_handler:
    case SpecialKind::ftrace_trampoline:
    case SpecialKind::return_hook: return true;
    case SpecialKind::none:
    case SpecialKind::exception_entry:
    case SpecialKind::veneer:
    case SpecialKind::call_without_record:
    case SpecialKind::other: return false;
  }
  return false;
}

}  // namespace

bool CodeMap::initialize(const surefoot::AddressRange& text, const surefoot::SpecialRanges& ranges,
                         std::span<const std::uint64_t> patch_entries) noexcept {
  // The last place stands for everything outside.
  if ((text.end() - text.start()) / instruction_size >= capacity) return false;
  text_ = text;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const surefoot::SpecialRange range = ranges[i];
    if (!is_of_tracing(range.kind)) continue;
    for (std::uint64_t pc = range.range.start(); pc < range.range.end(); pc += instruction_size) set(pc, trampoline);
  }
  for (const std::uint64_t entry : patch_entries) {
    const auto site = surefoot::ftrace::PatchSite::make(entry);
    if (!site) return false;
    for (std::uint64_t pc = site->function(); pc <= site->call_at(); pc += instruction_size) set(pc, patch_site);
  }
  return true;
}

void CodeMap::visit(std::uint64_t pc) noexcept {
  set(pc, reached);
  if (!is_listing_) return;
  std::uint32_t& number = in_list_[index_of(pc)];
  if (number == list_number_ || list_size_ == max_listed) return;
  number = list_number_;
  list_[list_size_++] = pc;
}

void CodeMap::begin_list() noexcept {
  ++list_number_;
  list_size_ = 0;
  is_listing_ = true;
}

void CodeMap::note_inexact(std::uint64_t pc) noexcept { ++inexact_[index_of(pc)]; }
std::uint32_t CodeMap::inexact(std::uint64_t pc) const noexcept { return inexact_[index_of(pc)]; }

}  // namespace sweep
