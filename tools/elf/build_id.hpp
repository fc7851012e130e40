// SPDX-License-Identifier: MIT
//
// The number by which a linker tells its images apart.
#pragma once

#include <optional>
#include <string>

#include "elf/image.hpp"

namespace surefoot::tools {

/// The GNU build id [gabi, Note Section] in hexadecimal digits, from the section .note.gnu.build-id, or from .notes,
/// where Linux has all notes. Empty if the image has none.
[[nodiscard]] std::optional<std::string> build_id_of(const Image& image);

/// The same of the program that runs.
[[nodiscard]] std::optional<std::string> build_id_of_this_program();

}  // namespace surefoot::tools
