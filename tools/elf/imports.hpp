// SPDX-License-Identifier: MIT
//
// What an image calls of others, by name: the stubs of the procedure linkage table, or the undefined symbols of an
// object.
#pragma once

#include <span>
#include <vector>

#include "elf/layout.hpp"
#include "elf/tables.hpp"

namespace surefoot::tools {

[[nodiscard]] std::vector<Import> find_imports(const std::vector<RawSection>& sections);

/// What a relocatable object does not define: each name at the place that the layout gives it. Whether it is a function
/// such a symbol does not say.
[[nodiscard]] std::vector<Import> find_undefined(const std::vector<RawSection>& sections, const Layout& layout);

}  // namespace surefoot::tools
