// SPDX-License-Identifier: MIT
//
// The stubs of the procedure linkage table, by the names of what they call.
#pragma once

#include <span>
#include <vector>

#include "elf/tables.hpp"

namespace surefoot::tools {

[[nodiscard]] std::vector<Import> find_imports(const std::vector<RawSection>& sections);

}  // namespace surefoot::tools
