// SPDX-License-Identifier: MIT
//
// Contexts are kept for as long as a walk may refer to them. Walks of this kernel do not overlap: each kind of context
// has one place, and who asks for it gets it filled anew.
#include "scenarios/contexts.hpp"

#include <array>
#include <expected>

#include "arch/cpu_features.hpp"
#include "console/console.hpp"
#include "memory/linker_symbols.hpp"
#include "memory/page_tables.hpp"
#include "memory/stacks.hpp"
#include "scenarios/execution_state.hpp"
#include "scenarios/scenario.hpp"
#include "sched/scheduler.hpp"
#include "surefoot/ftrace.hpp"
#include "surefoot/linked_frame_table.hpp"

namespace demo {
namespace {

namespace console = kernel::console;

using surefoot::AddressRange;
using surefoot::Context;
using surefoot::Stack;
using surefoot::StackKind;

struct Place {
  std::array<Stack, 3> stacks;
  Context context;
};

constinit std::array<AddressRange, 1> text{};
constinit surefoot::SpecialRanges special_ranges;
constinit surefoot::PointerAuthMask pac_mask;
constinit surefoot::PatchSites patch_sites;
// None until the linked one has been checked.
constinit std::expected<surefoot::FrameTable, surefoot::FrameTableError> frame_table =
    std::unexpected(surefoot::FrameTableFault::truncated);
constinit Place here{};
constinit Place blocked{};

const Context& fill(Place& place, const kernel::Task& task, bool is_on_this_cpu) noexcept {
  place.stacks = {Stack{task.stack(), StackKind::task}, Stack{kernel::irq_stack(), StackKind::irq},
                  Stack{kernel::overflow_stack(), StackKind::overflow}};
  place.context.stacks = std::span(place.stacks).first(is_on_this_cpu ? place.stacks.size() : 1);
  place.context.text = text;
  place.context.special_ranges = special_ranges;
  place.context.return_stack = &return_stack_of(task);
  place.context.final_record_at = task.final_record_at();
  place.context.pac = pac_mask;
  place.context.patch_sites = patch_sites;
  place.context.frame_table = frame_table ? &*frame_table : nullptr;
  place.context.policy = policy();
  return place.context;
}

}  // namespace

bool initialize_contexts() noexcept {
  text = {kernel::image::text()};
  if (kernel::cpu::is_pointer_authentication_on()) {
    pac_mask = surefoot::PointerAuthMask::for_address_bits(kernel::memory::virtual_address_bits);
  }
  const auto ranges = surefoot::linked_special_ranges();
  if (!ranges) console::print("special ranges: ", to_string(ranges.error().code), "\n");
  special_ranges = ranges.value_or(surefoot::SpecialRanges());
  const auto sites = surefoot::ftrace::patch_sites();
  if (!sites) console::print("patch sites: ", to_string(sites.error().code), "\n");
  patch_sites = sites.value_or(surefoot::PatchSites());
  frame_table = surefoot::linked_frame_table();
  if (!frame_table) console::print("frame table: ", to_string(frame_table.error()), "\n");
  return ranges && sites && frame_table;
}

const Context& here_context() noexcept { return fill(here, kernel::sched::current(), true); }

const Context& blocked_context(const kernel::Task& task) noexcept { return fill(blocked, task, false); }

}  // namespace demo
