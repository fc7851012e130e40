// SPDX-License-Identifier: MIT
#include "scenarios/linked_tables.hpp"

#include <cstddef>

#include "console/console.hpp"
#include "memory/linker_symbols.hpp"
#include "surefoot/ftrace.hpp"

extern "C" {
extern const std::uint64_t __patchable_function_entries_start[];
extern const std::uint64_t __patchable_function_entries_end[];
}

namespace demo {

namespace console = kernel::console;

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
  const surefoot::AddressRange range = kernel::image::symbols();
  // SAFETY: the linker placed the table there, aligned to 8.
  const auto* words = reinterpret_cast<const std::uint32_t*>(range.start());
  const auto table = surefoot::Symbols::make({words, (range.end() - range.start()) / sizeof(std::uint32_t)});
  if (!table) console::print("no symbols: ", to_string(table.error().code), "\n");
  return table.value_or(surefoot::Symbols());
}

}  // namespace demo
