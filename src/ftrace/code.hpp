// SPDX-License-Identifier: MIT
//
// Reading and writing of instructions in place.
#pragma once

#include <cstdint>
#include <expected>

#include "surefoot/ftrace/patch_site.hpp"

namespace surefoot::ftrace::detail {

/// The instruction at `code_at`. Requires that it is readable.
[[nodiscard]] std::uint32_t read_instruction(std::uint64_t code_at) noexcept;

/// Makes `instruction` the one that this CPU executes at `code_at`, by the time of the return; other CPUs execute the
/// old one or the new one until they synchronise. Does nothing if it is there already.
[[nodiscard]] std::expected<void, PatchError> write_instruction(std::uint64_t code_at,
                                                                std::uint32_t instruction) noexcept;

}  // namespace surefoot::ftrace::detail
