// SPDX-License-Identifier: MIT
//
// Reads what GNU objdump --sframe prints of a frame table (tests/fixtures/sframe/*.sframe.txt).
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "sframe/row.hpp"

namespace surefoot::tools::testing {

/// The functions of the text, each with a rule for every instruction. Throws std::runtime_error on other text.
[[nodiscard]] std::vector<FunctionRows> read_objdump_text(const std::filesystem::path& file);

}  // namespace surefoot::tools::testing
