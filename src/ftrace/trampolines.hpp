// SPDX-License-Identifier: MIT
//
// The labels of entry-ftrace.S, and what it calls. Only the addresses of the former are used.
#pragma once

#include <cstdint>

#include "surefoot/ftrace/frame.hpp"
#include "surefoot/return_stack.hpp"

namespace surefoot::ftrace::detail {

/// What return_to_handler gets, in x0 and x1: two words are returned in registers [aapcs64 §6.9].
struct ExitResult {
  std::uint64_t return_address;
  ReturnStack* returns;
};

}  // namespace surefoot::ftrace::detail

#pragma GCC visibility push(hidden)
extern "C" {
void ftrace_regs_caller() noexcept;
void ftrace_caller() noexcept;
void ftrace_call() noexcept;
void ftrace_graph_call() noexcept;
void ftrace_graph_caller() noexcept;
void return_to_handler() noexcept;
void ftrace_stub() noexcept;

void surefoot_ftrace_dispatch(surefoot::ftrace::FtraceFrame* frame) noexcept;
void surefoot_ftrace_graph_entry(surefoot::ftrace::FtraceFrame* frame) noexcept;
surefoot::ftrace::detail::ExitResult surefoot_ftrace_exit(surefoot::ftrace::ReturnFrame* frame) noexcept;
}
#pragma GCC visibility pop

namespace surefoot::ftrace::detail {

template <typename Function>
[[nodiscard]] std::uint64_t address_of(Function* function) noexcept {
  return reinterpret_cast<std::uintptr_t>(function);
}

}  // namespace surefoot::ftrace::detail
