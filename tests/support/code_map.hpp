// SPDX-License-Identifier: MIT
//
// The fake program whose stacks the tests draw: where its functions are and where its special code is.
#pragma once

#include <cstdint>

#include "surefoot/address.hpp"

namespace surefoot::testing::code {

inline constexpr std::uint64_t text_start = 0x4000'0000;
inline constexpr std::uint64_t text_end = 0x4002'0000;
inline constexpr std::uint64_t function_size = 0x100;

/// The entry point of the fake function `number`, 0 to 255.
[[nodiscard]] constexpr std::uint64_t function(unsigned number) { return text_start + number * function_size; }
/// A return address into it.
[[nodiscard]] constexpr std::uint64_t ret(unsigned number) { return function(number) + 0x24; }
/// An instruction of it that may be interrupted.
[[nodiscard]] constexpr std::uint64_t pc(unsigned number) { return function(number) + 0x30; }

// Above the functions: the special code, in ascending order. ftrace_call is the call and the instruction after it.
inline constexpr AddressRange vectors(0x4001'0000, 0x4001'0800);
inline constexpr AddressRange ftrace_caller(0x4001'0800, 0x4001'0840);
inline constexpr AddressRange ftrace_call(0x4001'0840, 0x4001'0848);
inline constexpr AddressRange ftrace_tail(0x4001'0848, 0x4001'0880);
inline constexpr AddressRange ftrace_graph_caller(0x4001'0880, 0x4001'08c0);
inline constexpr AddressRange return_to_handler(0x4001'08c0, 0x4001'0900);
inline constexpr AddressRange return_probe(0x4001'0900, 0x4001'0940);
inline constexpr AddressRange veneer(0x4001'0a00, 0x4001'0a10);
inline constexpr AddressRange other(0x4001'0b00, 0x4001'0b40);

/// The return address that a tracer called from ftrace_call has.
inline constexpr std::uint64_t after_ftrace_call = ftrace_call.start() + instruction_size;
/// What stands in a record in place of a rewritten return address.
inline constexpr std::uint64_t handler = return_to_handler.start();
inline constexpr std::uint64_t probe = return_probe.start();

}  // namespace surefoot::testing::code
