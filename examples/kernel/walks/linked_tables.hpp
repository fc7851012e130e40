// SPDX-License-Identifier: MIT
//
// What the linker has gathered for tracing and for printing.
#pragma once

#include <cstdint>
#include <span>

#include "surefoot/symbols.hpp"

namespace kernel::walks {

/// The entries that the compiler made for the functions that can be traced.
[[nodiscard]] std::span<const std::uint64_t> patch_entries() noexcept;

/// What tracing needs before the first tracer: names the patch sites and prepares them. False, and a message, if one of
/// them is none.
[[nodiscard]] bool initialize_tracing() noexcept;

/// The names of functions; none, and a message, if the table is damaged.
[[nodiscard]] surefoot::Symbols linked_symbols() noexcept;

}  // namespace kernel::walks
