// SPDX-License-Identifier: MIT
//
// Contexts are kept for as long as a walk may refer to them. Walks of this kernel do not overlap: each kind of context
// has one place, and who asks for it gets it filled anew.
#include "scenarios/contexts.hpp"

#include <array>

#include "arch/cpu_features.hpp"
#include "memory/linker_symbols.hpp"
#include "memory/page_tables.hpp"
#include "memory/stacks.hpp"
#include "scenarios/execution_state.hpp"
#include "scenarios/scenario.hpp"
#include "sched/scheduler.hpp"
#include "surefoot/ftrace.hpp"

namespace demo {
namespace {

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
  place.context.policy = policy();
  return place.context;
}

}  // namespace

bool initialize_contexts() noexcept {
  text = {kernel::image::text()};
  if (kernel::cpu::is_pointer_authentication_on()) {
    pac_mask = surefoot::PointerAuthMask::for_address_bits(kernel::memory::virtual_address_bits);
  }
  const auto table = surefoot::linked_special_ranges();
  special_ranges = table.value_or(surefoot::SpecialRanges());
  const auto sites = surefoot::ftrace::patch_sites();
  patch_sites = sites.value_or(surefoot::PatchSites());
  return table.has_value() && sites.has_value();
}

const Context& here_context() noexcept { return fill(here, kernel::sched::current(), true); }

const Context& blocked_context(const kernel::Task& task) noexcept { return fill(blocked, task, false); }

}  // namespace demo
