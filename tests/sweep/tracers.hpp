// SPDX-License-Identifier: MIT
//
// What traces a workload: the modes, and what the callbacks do in them.
#pragma once

#include <cstdint>

namespace sweep {

enum class Mode : std::uint8_t {
  off,
  function,
  registers,  ///< a function tracer that wants all registers
  graph,
  both,               ///< function and graph tracer
  redirect,           ///< a live patch: some functions are redirected
  redirect_graph,     ///< and all returns are hooked
  redirect_pc_only,   ///< the same by the saved pc alone
  return_hook,        ///< a second mechanism that hooks returns
  return_hook_graph,  ///< both mechanisms
};
inline constexpr Mode all_modes[] = {Mode::off,
                                     Mode::function,
                                     Mode::registers,
                                     Mode::graph,
                                     Mode::both,
                                     Mode::redirect,
                                     Mode::redirect_graph,
                                     Mode::return_hook,
                                     Mode::return_hook_graph};

/// What every callback does besides.
enum class Action : std::uint8_t {
  nothing,
  call_traced,  ///< calls a function that is traced
  breakpoint,   ///< executes a BRK, whose handler is stepped and calls a function that is traced
};

[[nodiscard]] const char* to_string(Mode mode) noexcept;

/// Registers what the mode wants, for every function that can be traced. False if that is impossible.
[[nodiscard]] bool begin_tracing(Mode mode, Action action) noexcept;
[[nodiscard]] bool end_tracing(Mode mode) noexcept;

/// For callbacks.
void act_in_callback() noexcept;

}  // namespace sweep
