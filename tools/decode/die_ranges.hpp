// SPDX-License-Identifier: MIT
//
// Which entry of DWARF covers an address. The tables that a compiler may write for this (.debug_aranges) are often
// missing, so they are made here, from the entries themselves.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace surefoot::tools {

/// Ranges of addresses, each of an entry. They may overlap: the narrowest one counts.
class RangesOfDies {
 public:
  void add(Dwarf_Die& die);
  /// Once, before the first find().
  void sort();
  [[nodiscard]] std::optional<Dwarf_Off> find(std::uint64_t address) const;

 private:
  struct Range {
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    std::uint64_t greatest_end = 0;  // of this one and all before it
    Dwarf_Off die = 0;
  };
  std::vector<Range> ranges_;
};

/// The compilation units.
[[nodiscard]] RangesOfDies unit_ranges(Dwarf& dwarf);

/// The functions of a unit, wherever in it they are described.
[[nodiscard]] RangesOfDies function_ranges(Dwarf_Die& unit);

/// The functions that were inlined at an address of the function, the outermost first.
[[nodiscard]] std::vector<Dwarf_Die> inlined_at(Dwarf_Die& function, std::uint64_t address);

}  // namespace surefoot::tools
