// SPDX-License-Identifier: MIT
//
// Where the sections of a relocatable object are taken to lie: it says nothing of that, and a loader puts them where it
// likes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "elf/tables.hpp"

namespace surefoot::tools {

/// Where an object's sections are, and what is in none of them.
struct Layout {
  std::uint64_t undefined_at = 0;       ///< where the places of symbols begin that the object does not define
  std::uint64_t unknown_at = 0;         ///< a place in no section, for what only a linker or a loader knows
  const RawSection* indices = nullptr;  ///< see find_section_indices()
};

/// Gives the allocated sections addresses (sh_addr): those of code first, one after the other, then the undefined
/// symbols, then data. Between two sections is a gap, so that what stands at the end of one is not the start of the
/// next. No section is at 0. An error if the sizes or the alignments make no sense.
[[nodiscard]] std::expected<Layout, Image::Error> lay_out(std::vector<RawSection>& sections);

/// True if the object has no place for the symbol: it is undefined, common, or of a kind that only a loader knows.
[[nodiscard]] bool is_placed_by_linker(const Elf64_Sym& symbol);

/// The address of a symbol, the `index`th of its table: as the layout says in an object, as the symbol says in a linked
/// file. Empty if its section does not exist.
[[nodiscard]] std::optional<std::uint64_t> address_of(const std::vector<RawSection>& sections, const Layout* layout,
                                                      const Elf64_Sym& symbol, std::uint64_t index);

}  // namespace surefoot::tools
