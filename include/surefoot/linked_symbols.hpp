// SPDX-License-Identifier: MIT
//
// The symbol table of the running program. Inline, so that only a program that asks for it refers to the linker's
// symbols, and only such a program has to place the section (surefoot-symbols.ld.inc).
#pragma once

#include <cstdint>
#include <expected>

#include "surefoot/symbols.hpp"

extern "C" {
// Set by the linker. Hidden, so that the addresses are formed relative to the pc, with or without a relocated image.
[[gnu::visibility("hidden")]] extern const std::uint32_t __surefoot_symbols_start[];
[[gnu::visibility("hidden")]] extern const std::uint32_t __surefoot_symbols_end[];
}

namespace surefoot {

/// The table that surefoot_add_symbol_table() put into this program, checked: Symbols::make() on it. Any context.
[[nodiscard]] inline std::expected<Symbols, SymbolsError> linked_symbols() noexcept {
  // Through integers: the two symbols are not known to the compiler to bound one array.
  const auto start = reinterpret_cast<std::uintptr_t>(__surefoot_symbols_start);
  const auto end = reinterpret_cast<std::uintptr_t>(__surefoot_symbols_end);
  return Symbols::make({__surefoot_symbols_start, (end - start) / sizeof(std::uint32_t)});
}

}  // namespace surefoot
