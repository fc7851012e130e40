// SPDX-License-Identifier: MIT
#include "victim.hpp"

#include <algorithm>

namespace corrupt_dump {

using surefoot::AddressRange;
using surefoot::Policy;

Victim::Victim(DumpedLinux& dump, const surefoot::tools::TaskInfo& of)
    : task(of), strict(dump.walk_unnamed(of, Policy::strict)), exact(dump.walk_unnamed(of, Policy::exact)) {
  const auto& layouts = dump.layouts();
  const auto start = dump.memory().word(task.address + layouts.task.stack);
  if (!start || *start == 0) return;
  const AddressRange stack(*start, *start + dump.thread_size());
  final_record_at = stack.end() - layouts.exception.size + layouts.exception.record;
  std::uint64_t sp = dump.memory().word(task.address + layouts.task.saved_sp).value_or(0);
  if (task.is_running) {
    const auto cpu = std::ranges::find(dump.cpus(), task.address, &surefoot::tools::LinuxCpu::current);
    sp = cpu != dump.cpus().end() && cpu->registers ? cpu->registers->sp : 0;
    if (cpu != dump.cpus().end()) {
      for (const surefoot::Stack& other : cpu->stacks) {
        if (other.kind == surefoot::StackKind::irq) read(dump, other.range, other.range.start());
      }
    }
  }
  read(dump, stack, stack.contains(sp) ? sp / 8 * 8 : stack.start());
}

void Victim::read(DumpedLinux& dump, AddressRange stack, std::uint64_t sp) {
  std::vector<ChangedWord> all;
  for (std::uint64_t at = stack.start(); at < stack.end(); at += 8) {
    if (const auto value = dump.memory().word(at)) all.push_back({.address = at, .value = *value});
  }
  for (const ChangedWord& word : all) {
    if (word.address >= sp) words.push_back(word);
  }
  const auto& kernel = dump.code().kernel();
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    const std::uint64_t lr = kernel.pac().strip(all[i + 1].value);
    const bool leads_up = all[i].value > all[i].address && stack.contains(all[i].value) && all[i].value % 8 == 0;
    const bool is_code = lr % 4 == 0 && kernel.code()[kernel.code().find(lr)].kind != surefoot::IntervalKind::nothing;
    if (!leads_up || !is_code) continue;
    auto& list = all[i].address >= sp ? records : stale;
    list.push_back({.at = all[i].address, .fp = all[i].value, .lr = all[i + 1].value});
  }
}

}  // namespace corrupt_dump
