// SPDX-License-Identifier: MIT
//
// What the scenarios of function and graph tracing share: tracers that are registered for the length of a scope.
#pragma once

#include <cstdint>
#include <span>

#include "scenarios/scenario.hpp"
#include "surefoot/ftrace.hpp"

namespace demo {

/// The entry point of a function, as filters name it.
template <typename Function>
[[nodiscard]] std::uint64_t entry_of(Function* function) noexcept {
  return reinterpret_cast<std::uintptr_t>(function);
}

/// A tracer that is registered while this lives.
class TracerScope {
 public:
  TracerScope(surefoot::ftrace::Tracer& tracer, std::span<const std::uint64_t> functions) noexcept : tracer_(tracer) {
    tracer_.set_filter(functions);
    require(surefoot::ftrace::register_tracer(tracer_).has_value(), "the tracer is registered");
  }
  ~TracerScope() { require(surefoot::ftrace::unregister_tracer(tracer_).has_value(), "the tracer is unregistered"); }
  TracerScope(const TracerScope&) = delete;
  TracerScope& operator=(const TracerScope&) = delete;

 private:
  surefoot::ftrace::Tracer& tracer_;
};

/// A graph tracer that is registered while this lives.
class GraphScope {
 public:
  GraphScope(surefoot::ftrace::GraphTracer& tracer, std::span<const std::uint64_t> functions) noexcept
      : tracer_(tracer) {
    tracer_.set_filter(functions);
    require(surefoot::ftrace::register_graph_tracer(tracer_).has_value(), "the graph tracer is registered");
  }
  ~GraphScope() {
    require(surefoot::ftrace::unregister_graph_tracer(tracer_).has_value(), "the graph tracer is unregistered");
  }
  GraphScope(const GraphScope&) = delete;
  GraphScope& operator=(const GraphScope&) = delete;

 private:
  surefoot::ftrace::GraphTracer& tracer_;
};

/// A graph tracer that hooks every call and looks at none.
[[nodiscard]] surefoot::ftrace::GraphTracer& silent_graph_tracer() noexcept;

/// The return stack of the present task.
[[nodiscard]] inline surefoot::ReturnStack& own_return_stack() noexcept {
  return *surefoot_ftrace_port_execution_state()->returns;
}

}  // namespace demo
