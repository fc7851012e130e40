// SPDX-License-Identifier: MIT
//
// What the live tests share: a stack that ends in a final record, the kernel's side of the tracing runtime, and a
// place for the trace that was taken in the middle of it all.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "surefoot/ftrace.hpp"
#include "surefoot/surefoot.hpp"
#include "symbols.hpp"
#include "traced.hpp"

extern "C" {
void live_run_on(void (*function)(void*), void* argument, surefoot::MetadataRecord* bottom) noexcept;
/// The first entry of __patchable_function_entries and the end of them, from the linker.
extern const std::uint64_t __start___patchable_function_entries[];
extern const std::uint64_t __stop___patchable_function_entries[];
}

namespace surefoot::testing::live {

/// A trace that outlives the stack it was taken of.
struct LiveTrace {
  std::array<Frame, 128> buffer;
  std::span<const Frame> frames;
  Verdict verdict;
  unsigned count = 0;  ///< how often this was taken

  [[nodiscard]] std::string names() const { return live::names(frames); }
};

/// The kernel's side of tracing, for one thread.
struct TracingPort {
  std::array<ReturnEntry, 64> entries;
  ReturnStack returns{entries};
  ftrace::ExecutionState task{.returns = &returns};
  /// What the port function answers; a test may play an interrupt handler by changing it.
  ftrace::ExecutionState* current = &task;
  bool refuses_writes = false;
  unsigned write_count = 0;
  /// What the kernel does to the other CPUs.
  std::function<void()> on_synchronize;
};

/// The state of a thread of a test's own, in place of what the port says; null in other threads.
extern thread_local ftrace::ExecutionState* thread_state;
/// Called by the port function on the way to any state, if set: what may happen to a context in front of its mark.
extern void (*on_execution_state)();

/// The port of the running test; null between tests.
extern TracingPort* port;
/// Called by probe(), if set.
extern void (*on_probe)();

/// All the patch sites of the program.
[[nodiscard]] inline std::span<const std::uint64_t> patch_sites() {
  return {__start___patchable_function_entries, __stop___patchable_function_entries};
}

template <typename Function>
[[nodiscard]] std::uint64_t address_of(Function* function) {
  return reinterpret_cast<std::uintptr_t>(function);
}

/// What is known about this program.
[[nodiscard]] const surefoot::Kernel& live_kernel();
/// What is known about the stack on which run() runs its body.
[[nodiscard]] Task live_task();

/// Runs `body` on a stack of its own. Assertions belong behind it: they are no part of what is looked at.
void run(const std::function<void()>& body);

/// Takes a trace that begins at the caller.
[[gnu::always_inline]] inline void capture(LiveTrace& trace) {
  const Start start = Start::here();
  const Trace found = walk(start, live_kernel(), live_task(), trace.buffer);
  trace.frames = found.frames;
  trace.verdict = found.verdict;
  ++trace.count;
}

/// Sets the runtime up anew for each test, with prepared sites.
class LiveTest : public ::testing::Test {
 protected:
  LiveTest();
  ~LiveTest() override;

  TracingPort port_;
};

inline auto register_any(ftrace::Tracer& tracer) { return ftrace::register_tracer(tracer); }
inline auto register_any(ftrace::GraphTracer& tracer) { return ftrace::register_graph_tracer(tracer); }
inline auto unregister_any(ftrace::Tracer& tracer) { return ftrace::unregister_tracer(tracer); }
inline auto unregister_any(ftrace::GraphTracer& tracer) { return ftrace::unregister_graph_tracer(tracer); }

/// A tracer that is registered until the end of the scope, or until stop(). An error fails the test.
template <typename T>
class Tracing {
 public:
  explicit Tracing(T& tracer) : tracer_(&tracer) {
    const auto done = register_any(tracer);
    if (!done) {
      ADD_FAILURE() << ftrace::to_string(done.error());
      tracer_ = nullptr;
    }
  }
  ~Tracing() { stop(); }
  Tracing(const Tracing&) = delete;
  Tracing& operator=(const Tracing&) = delete;

  void stop() {
    if (tracer_ == nullptr) return;
    EXPECT_TRUE(unregister_any(*tracer_));
    tracer_ = nullptr;
  }

 private:
  T* tracer_;
};

/// Complete, and nothing but `allowed` was noticed.
void expect_reliable(const LiveTrace& trace, Evidence allowed = {});
/// Reached the end of the chain, and noticed exactly this.
void expect_unreliable(const LiveTrace& trace, Evidence noticed);

}  // namespace surefoot::testing::live
