// SPDX-License-Identifier: MIT
//
// All relocations of a file, applied to copies of its sections, so that code and data are as they are in use.
#pragma once

#include <optional>

#include "elf/layout.hpp"
#include "elf/tables.hpp"

namespace surefoot::tools {

/// Those of a relocatable object, as a linker would apply them: in allocated sections and in .debug_frame. Returns what
/// is wrong with the file, or nothing.
[[nodiscard]] std::optional<Image::Error> relocate_object(RawFile& file, const Layout& layout);

/// Those that a linked file leaves to its start, as they are if it lies where it was linked: relative ones, and
/// addresses of symbols that it defines itself. What is wrong is left out.
void relocate_linked(RawFile& file);

}  // namespace surefoot::tools
