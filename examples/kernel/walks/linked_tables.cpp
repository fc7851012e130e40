// SPDX-License-Identifier: MIT
#include "walks/linked_tables.hpp"

#include <cstddef>

#include "console/console.hpp"
#include "surefoot/ftrace.hpp"

extern "C" {
extern const std::uint64_t __patchable_function_entries_start[];
extern const std::uint64_t __patchable_function_entries_end[];
}

namespace kernel::walks {

std::span<const std::uint64_t> patch_entries() noexcept {
  const auto start = reinterpret_cast<std::uintptr_t>(__patchable_function_entries_start);
  const auto end = reinterpret_cast<std::uintptr_t>(__patchable_function_entries_end);
  return {__patchable_function_entries_start, (end - start) / sizeof(std::uint64_t)};
}

bool initialize_tracing() noexcept {
  surefoot::ftrace::initialize(patch_entries());
  const auto prepared = surefoot::ftrace::prepare();
  if (!prepared) console::print("patch sites: ", to_string(prepared.error()), "\n");
  return prepared.has_value();
}

surefoot::Symbols linked_symbols() noexcept {
  const auto table = surefoot::Symbols::linked();
  if (!table) console::print("no symbols: ", to_string(table.error().code), "\n");
  return table.value_or(surefoot::Symbols());
}

}  // namespace kernel::walks
