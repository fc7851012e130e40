// SPDX-License-Identifier: MIT
//
// Reads a frame table of SFrame version 2, as GNU binutils 2.41 to 2.45 write it [sframe-2].
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "sframe/row.hpp"

namespace surefoot::tools {

/// What a section says.
struct SframeVersion2 {
  /// By rising start, none overlapping. Where the section says nothing, or nothing that version 2 defines, is no rule.
  std::vector<FunctionRows> functions;
  std::size_t entries = 0;         ///< of the index, all of them
  std::size_t unusable = 0;        ///< of them: not of code of the image, overlapping another one, or damaged
  std::size_t undefined_rows = 0;  ///< rows with a number of words that version 2 does not define for AArch64
};

/// A stretch of code that the image has.
struct CodeStretch {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
};

/// Reads the section, which lies at `address`. `code` by rising start; entries that are not of it count as unusable. An
/// error if the section is no such table: of version 1 or 3, of another architecture, cut off.
[[nodiscard]] std::expected<SframeVersion2, std::string> read_sframe_version_2(std::span<const std::byte> section,
                                                                               std::uint64_t address,
                                                                               std::span<const CodeStretch> code);

}  // namespace surefoot::tools
