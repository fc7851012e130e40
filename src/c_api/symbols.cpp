// SPDX-License-Identifier: MIT
//
// Symbol tables, from C. Refers to surefoot::print.
#include "surefoot/symbols.hpp"

#include "same_values.hpp"
#include "surefoot/c/symbols.h"
#include "view.hpp"

using namespace surefoot;
using detail::name_of;
using detail::pack;
using detail::store;
using detail::view_as;

namespace {

SUREFOOT_SAME_BYTES(surefoot_symbols, Symbols);
SUREFOOT_SAME_BYTES(surefoot_symbol_name, SymbolName);
static_assert(surefoot_symbol_name_max == SymbolName::max_size);

[[maybe_unused]] constexpr void prove(SymbolsFault fault) noexcept {
  constexpr unsigned count = surefoot_symbols_fault_count;
  switch (fault) {
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, truncated);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, unknown_format);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, too_many_pairs);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, wrong_index);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, unsorted);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, overlapping);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, out_of_reach);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, broken_entry);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, empty_symbol);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, name_outside);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, unknown_code);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, name_too_deep);
    SUREFOOT_SAME_VALUE(surefoot_symbols_, SymbolsFault, name_too_long);
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
  return {.name = pack<surefoot_symbol_name>(symbol.name), .offset = symbol.offset, .size = symbol.size};
}

bool surefoot_symbol_is_known(const surefoot_symbol* symbol) { return symbol->size != 0; }

std::size_t surefoot_copy_symbol_name(const surefoot_symbol_name* name, char* room, std::size_t size) {
  return view_as<const SymbolName>(name)->copy_to({room, size});
}

const char* surefoot_symbols_fault_name(std::uint32_t code) {
  return name_of<SymbolsFault>(code, surefoot_symbols_fault_count);
}
