// SPDX-License-Identifier: MIT
#include "sched/scheduler.hpp"
#include "surefoot/walk.hpp"
#include "torture/work.hpp"
#include "torture/worker.hpp"

extern "C" {
void kernel_task_entry() noexcept;
void kernel_task_begin() noexcept;
}

namespace torture {
namespace {

template <typename Function>
std::uint64_t address_of(Function* function) noexcept {
  return reinterpret_cast<std::uintptr_t>(function);
}

}  // namespace

bool WorkCode::initialize(const surefoot::Symbols& symbols) noexcept {
  const std::uint64_t starts[] = {
      address_of(call_straight),
      address_of(call_straight_patched),
      address_of(call_recursive),
      address_of(call_recursive_patched),
      address_of(call_by_pointer),
      address_of(call_twice),
      address_of(call_tail),
      address_of(call_roomy),
      address_of(call_to_module),
      address_of(call_from_module),
      address_of(kernel::sched::block),
      address_of(pause),
      address_of(work),
      address_of(kernel_task_begin),
      address_of(kernel_task_entry),
      reinterpret_cast<std::uintptr_t>(
          static_cast<surefoot::Trace (*)(const surefoot::Start&, const surefoot::Kernel&, const surefoot::Task&,
                                          std::span<surefoot::Frame>, surefoot::Policy) noexcept>(surefoot::walk))};
  static_assert(std::size(starts) == function_count + around_count);
  std::uint64_t first = ~std::uint64_t{0};
  std::uint64_t end = 0;
  for (unsigned id = 0; id != std::size(starts); ++id) {
    const std::uint64_t start = starts[id];
    const surefoot::Symbol symbol = symbols.find({start, surefoot::CodeAddress::Kind::exact});
    if (!symbol.is_known() || symbol.offset != 0) return false;
    functions_[id] = {start, start + symbol.size};
    if (id >= function_count) continue;
    first = start < first ? start : first;
    end = start + symbol.size > end ? start + symbol.size : end;
  }
  all_ = {first, end};
  return true;
}

}  // namespace torture
