// SPDX-License-Identifier: MIT
//
// The frame table that is in an image already, from its compiler: another opinion on what is derived, beside CFI.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "cfi/cfi.hpp"
#include "elf/image.hpp"
#include "surefoot/frame_table.hpp"

namespace surefoot::tools {

/// The table in the image's section .sframe, which the library's own reader reads; nothing if there is no such section.
/// An error, one line, if the reader refuses it. Refers to the image.
[[nodiscard]] std::expected<std::optional<FrameTable>, std::string> find_frame_table(const Image& image);

/// The rule in the terms of CFI. One that no frame table gives is unsupported.
[[nodiscard]] CfiRow to_cfi_row(const Rule& rule);

/// As with a row of CFI: is what the rule says true in the state? A rule that is not known is none. Whether a return
/// address is signed a rule does not tell, because a walk strips the signature in any case.
[[nodiscard]] Comparison compare(const State* state, const Rule& rule);

}  // namespace surefoot::tools
