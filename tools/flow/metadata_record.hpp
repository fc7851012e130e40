// SPDX-License-Identifier: MIT
//
// Code that makes a metadata record (records.hpp) instead of {x29, x30} before it calls: the start of a task, exception
// entry. A walk ends at such a record, or crosses an exception by it.
#pragma once

#include <cstdint>
#include <unordered_set>

#include "elf/image.hpp"

namespace surefoot::tools {

/// The calls of the function for which the last `add x29, sp, #n` made x29 point at a record of two zeros and a type,
/// which the code before it stored. States do not keep zeros, so this is found by words, one after the other.
[[nodiscard]] std::unordered_set<std::uint64_t> calls_with_metadata_record(const Image& image,
                                                                           const Function& function);

}  // namespace surefoot::tools
