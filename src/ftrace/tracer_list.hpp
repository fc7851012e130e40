// SPDX-License-Identifier: MIT
//
// The registered tracers, in the order of registration. One caller at a time changes the list; any number of CPUs go
// through it meanwhile, each with its RecursionGuard held, and none of them waits.
#pragma once

#include <cstdint>

#include "surefoot/ftrace/patch_site.hpp"
#include "surefoot/ftrace/tracer.hpp"

namespace surefoot::ftrace::detail {

/// True if a filter names the function, or all.
[[nodiscard]] inline bool matches(FunctionFilter filter, std::uint64_t function) noexcept {
  for (const std::uint64_t named : filter) {
    if (named == function) return true;
  }
  return filter.empty();
}

class TracerList {
 public:
  [[nodiscard]] bool is_empty() const noexcept { return first_ == nullptr; }
  [[nodiscard]] bool contains(const Tracer& tracer) const noexcept;
  void append(Tracer& tracer) noexcept;
  /// The tracer keeps its link, for whoever stands on it at this moment.
  void remove(Tracer& tracer) noexcept;

  /// Calls each tracer that matches the function, if the frame has the registers that it wants. Never inlined, so that
  /// a trace shows the same functions however the library is compiled.
  [[gnu::noinline]] void call(FtraceFrame& frame) const noexcept;
  /// What the site of this function must do for the tracers.
  [[nodiscard]] SiteMode mode_for(std::uint64_t function) const noexcept;

 private:
  Tracer* first_ = nullptr;
};

}  // namespace surefoot::ftrace::detail
