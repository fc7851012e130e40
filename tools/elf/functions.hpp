// SPDX-License-Identifier: MIT
//
// Where functions begin and end, from what symbols and FDEs say.
#pragma once

#include <span>
#include <vector>

#include "elf/frame_entries.hpp"
#include "elf/image.hpp"
#include "elf/tables.hpp"

namespace surefoot::tools {

/// The functions in executable sections, as Image::functions() promises them. `sections` by rising address, `entries`
/// sound ones.
[[nodiscard]] std::vector<Function> find_functions(std::span<const Section> sections,
                                                   std::span<const RawSymbol> symbols,
                                                   std::span<const FrameEntry> entries);

}  // namespace surefoot::tools
