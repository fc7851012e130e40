// SPDX-License-Identifier: MIT
#include "scene.hpp"

#include <stdexcept>
#include <string>

#include "surefoot/print.hpp"

namespace surefoot::testing {

using namespace a64;

PortScene::PortScene() : memory_(std::make_unique<Memory>()) {
  memory_->code.fill(nop);
  for (std::uint64_t entry = place::vectors; entry != place::path; entry += 0x80) {
    const auto distance = static_cast<std::uint32_t>((place::path - (entry + 4)) / 4);
    put(entry, {sub_sp_48, 0x1400'0000 | distance});
  }
  put(place::before_frame, {bti_c, nop, nop, sub_sp_48});
  put(place::ftrace_call, {bl_next, nop});
  put(place::pushing, {paciasp, push_pair_32, mov_x29_sp, bl_next, pop_pair_32, autiasp, ret});
  put(place::subtracting, {sub_sp_48, store_pair_at_32, add_x29_sp_32, bl_next, load_pair_at_32, add_sp_48, ret});
  put(place::early_call, {bl_next});
  put(place::patchable, {bti_c, mov_x9_x30, bl_next});

  const auto add = [this](std::uint64_t start, std::uint64_t end, SpecialKind kind, Rule rule = {}) {
    special.push_back({.range = {text(start), text(end)}, .kind = kind, .rule = rule});
  };
  add(place::vectors, place::path, SpecialKind::exception_entry);
  add(place::path, place::handler_call, SpecialKind::exception_entry);
  add(place::handler_call, place::path_end, SpecialKind::exception_entry, {.pc = From::frame_record});
  add(place::before_frame, place::ftrace_call, SpecialKind::ftrace_trampoline,
      {.pc = From::link_register, .lr = From::x9, .base = Base::sp});
  add(place::ftrace_call, place::ftrace_call + 8, SpecialKind::ftrace_call, {.pc = From::frame_record, .in_flight = 2});
  add(place::return_to_handler, place::return_to_handler + 0x20, SpecialKind::return_to_handler);
  calls.push_back(
      {.range = {text(place::early_call), text(place::early_call + 4)}, .kind = SpecialKind::call_without_record});
  // {CFA from the base, return address and fp from the CFA}.
  functions = {{.start = text(place::pushing),
                .size = 28,
                .rows = {{0, Base::sp, {0}},
                         {8, Base::sp, {32, -24, -32}},
                         {12, Base::fp, {32, -24, -32}},
                         {20, Base::sp, {0}}}},
               {.start = text(place::subtracting),
                .size = 28,
                .rows = {{0, Base::sp, {0}},
                         {4, Base::sp, {48}},
                         {8, Base::sp, {48, -8, -16}},
                         {12, Base::fp, {16, -8, -16}},
                         {20, Base::sp, {48}},
                         {24, Base::sp, {0}}}}};
  patch_entries = {text(place::patchable)};
  regions = {{.text = {text(0), text(place::text_end)}}};

  for (std::size_t i = 0; i < own_stacks.size(); ++i) {
    const std::uint64_t start = base() + place::stacks + i * place::stack_size;
    own_stacks[i] = {{.range = {start, start + place::stack_size}}};
    final_records[i] = start + place::stack_size - 32;
    return_stacks[i] = {&return_stack_};
    final_word(i, 0) = final_word(i, 1) = 0;
    final_word(i, 2) = SUREFOOT_METADATA_FINAL;
  }
  const std::uint64_t irq_stack = base() + place::stacks + own_stacks.size() * place::stack_size;
  cpu_stacks = {{.range = {irq_stack, irq_stack + place::stack_size}, .kind = StackKind::irq}};
  // SCTLR_EL1 of a CPU that does not sign.
  facts = {.vectors = text(place::vectors), .system_control = 0x30d0'0800};
}

std::uint64_t PortScene::base() const { return reinterpret_cast<std::uintptr_t>(memory_.get()); }
std::uint64_t PortScene::text(std::uint64_t offset) const { return base() + offset; }
std::uint32_t& PortScene::code(std::uint64_t offset) const { return memory_->code.at(offset / 4); }

void PortScene::put(std::uint64_t offset, std::initializer_list<std::uint32_t> instructions) const {
  for (const std::uint32_t instruction : instructions) {
    code(offset) = instruction;
    offset += 4;
  }
}

SpecialRange& PortScene::special_at(std::uint64_t offset) {
  for (SpecialRange& range : special) {
    if (range.range.start() == text(offset)) return range;
  }
  throw std::logic_error("no special range begins there");
}

std::uint64_t& PortScene::final_word(std::size_t task, std::size_t word) {
  return memory_->stacks.at((final_records.at(task) - base() - place::stacks) / 8 + word);
}

void PortScene::add_module(std::uint64_t start, std::uint64_t end) {
  regions.push_back({.text = {text(start), text(end)}, .special_ranges = SpecialRanges::none()});
}

void PortScene::move_frame_table(std::int64_t by) {
  for (SectionFunction& function : functions) function.start += static_cast<std::uint64_t>(by);
}

PortResult PortScene::check(std::size_t room) {
  section_ = make_section(functions, {.address = base()});
  Region& image = regions.at(0);
  image.special_ranges = SpecialRanges::make(special).value();
  image.calls_without_record = SpecialRanges::make(calls).value();
  image.frame_table = FrameTable::make(section_, base()).value();
  image.patch_sites = PatchSites::make(patch_entries, 0, 12).value();
  intervals_.resize(CodeMap::intervals_needed(regions) + 64);
  tasks.clear();
  for (std::size_t i = 0; i < own_stacks.size(); ++i) {
    tasks.push_back({.stacks = StackSet::make(own_stacks[i]).value_or(StackSet()),
                     .cpu_stacks = i == 0 ? StackSet::make(cpu_stacks).value_or(StackSet()) : StackSet(),
                     .final_record_at = final_records[i],
                     .return_stacks = return_stacks[i]});
  }
  facts.tasks = tasks;
  if (at_last) at_last(*this);
  if (is_map_refused) {
    facts.regions = regions;
  } else {
    map_ = CodeMap::make(regions, intervals_).value();
    description.code = &map_;
  }
  findings.assign(room, {});
  const PortResult result = check_port(description, facts, findings);
  if (result.found < room) findings.resize(result.found);
  return result;
}

std::string text(const std::vector<PortFinding>& findings) {
  std::string out;
  print_findings(findings, {.found = findings.size()},
                 [&out](std::span<const char> piece) noexcept { out.append(piece.data(), piece.size()); });
  return out;
}

}  // namespace surefoot::testing
