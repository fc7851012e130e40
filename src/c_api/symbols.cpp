// SPDX-License-Identifier: MIT
//
// Symbol tables, from C. Refers to surefoot::print.
#include "surefoot/symbols.hpp"

#include "same_values.hpp"
#include "surefoot/c/symbols.h"
#include "view.hpp"

using namespace surefoot;
using detail::name_of;
using detail::store;
using detail::view_as;

namespace {

SUREFOOT_SAME_BYTES(surefoot_symbols, Symbols);

[[maybe_unused]] constexpr void prove(SymbolsFault fault) noexcept {
  constexpr unsigned count = surefoot_symbols_fault_count;
  switch (fault) {
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, truncated);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, unknown_format);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, empty_symbol);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, unsorted);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, overlapping);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, name_outside);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, unterminated_names);
  }
}

}  // namespace

bool surefoot_make_symbols(const std::uint32_t* words, std::size_t count, surefoot_symbols* out,
                           surefoot_error* error) {
  return store(Symbols::make({words, count}), out, error);
}

bool surefoot_make_symbols_at(const std::uint32_t* words, std::size_t count, std::uint64_t table_at,
                              surefoot_symbols* out, surefoot_error* error) {
  return store(Symbols::make({words, count}, table_at), out, error);
}

surefoot_symbol surefoot_find_symbol(const surefoot_symbols* symbols, std::uint64_t pc, std::uint8_t kind) {
  const CodeAddress address(pc, static_cast<CodeAddress::Kind>(kind));
  const Symbol symbol = view_as<const Symbols>(symbols)->find(address);
  return {.name = symbol.name, .offset = symbol.offset, .size = symbol.size};
}

const char* surefoot_symbols_fault_name(std::uint32_t code) {
  return name_of<SymbolsFault>(code, surefoot_symbols_fault_count);
}
