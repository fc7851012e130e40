// SPDX-License-Identifier: MIT
//
// x18 belongs to the platform: the library leaves it alone. Everything in this program that a test calls in between is
// compiled to leave it alone as well. Assertions stand outside: GoogleTest is not.
#include <cstring>

#include "harness.hpp"
#include "surefoot/print.hpp"
#include "surefoot/surefoot.h"

extern "C" std::uint64_t live_call_with_x18(void (*function)(void*), void* argument, std::uint64_t value) noexcept;

namespace surefoot::testing::live {
namespace {

constexpr std::uint64_t brand = 0x1800'0000'0000'1234;

std::uint64_t x18() {
  std::uint64_t value;
  asm volatile("mov %0, x18" : "=r"(value));
  return value;
}

void set_x18(std::uint64_t value) { asm volatile("mov x18, %0" : : "r"(value)); }

/// What x18 holds after the body, if it held the brand before.
template <typename Body>
std::uint64_t x18_after(Body body) {
  return live_call_with_x18([](void* argument) { (*static_cast<Body*>(argument))(); }, &body, brand);
}

LiveTrace found;

class LivePlatformRegister : public LiveTest {
 protected:
  LivePlatformRegister() { found = {}; }
};

TEST_F(LivePlatformRegister, IsKeptByAWalk) {
  EXPECT_EQ(x18_after([] { run([] { capture(found); }); }), brand);
  expect_reliable(found);
}

TEST_F(LivePlatformRegister, IsKeptByAWalkFromAnException) {
  ExceptionFrame frame{};
  frame.pc = address_of(traced_leaf);
  frame.pstate = 0b0101;  // EL1h [arm-arm C5.2.19]
  frame.record = {.zeros = {0, 0}, .type = MetadataType::exception};
  std::size_t count = 0;
  EXPECT_EQ(x18_after([&] {
              const Trace trace =
                  walk(Start::exception(frame), live_kernel(), live_task(), found.buffer, Policy::exact);
              count = trace.frames.size();
            }),
            brand);
  EXPECT_EQ(count, 1U);
}

TEST_F(LivePlatformRegister, IsKeptByACursor) {
  std::size_t count = 0;
  EXPECT_EQ(x18_after([&count] {
              run([&count] {
                const Task task = live_task();
                const Start start = Start::here();
                Cursor cursor(start, live_kernel(), task);
                Frame frame;
                while (cursor.next(frame)) ++count;
              });
            }),
            brand);
  EXPECT_GT(count, 1U);
}

TEST_F(LivePlatformRegister, IsKeptByAWalkFromC) {
  surefoot_trace trace{};
  EXPECT_EQ(x18_after([&trace] {
              const surefoot_kernel kernel{};
              const surefoot_task task{};
              const surefoot_registers registers{.fp = 8, .sp = 0, .pc = 4};
              const surefoot_start start = surefoot_start_call(&registers);
              surefoot_frame frames[4];
              trace = surefoot_walk(&start, &kernel, &task, frames, 4);
            }),
            brand);
  EXPECT_EQ(trace.frame_count, 1U);
}

TEST_F(LivePlatformRegister, IsKeptByPrinting) {
  std::string text(4096, '\0');
  std::size_t length = 0;
  EXPECT_EQ(x18_after([&] {
              run([&] {
                const Start start = Start::here();
                const Trace trace = walk(start, live_kernel(), live_task(), found.buffer);
                print_trace(trace, {}, [&](std::span<const char> piece) noexcept {
                  if (piece.size() > text.size() - length) return;
                  std::memcpy(text.data() + length, piece.data(), piece.size());
                  length += piece.size();
                });
              });
            }),
            brand);
  EXPECT_NE(text.find("frame_record"), std::string::npos);
}

TEST_F(LivePlatformRegister, IsKeptByTheReturnStack) {
  bool is_pushed = false;
  EXPECT_EQ(x18_after([&is_pushed] {
              is_pushed = port->current->returns->push({.return_address = 4, .function = 4, .key = 8, .hook = 16});
              port->current->returns->pop();
            }),
            brand);
  EXPECT_TRUE(is_pushed);
}

TEST_F(LivePlatformRegister, IsKeptByPatching) {
  ftrace::Tracer tracer([](ftrace::Tracer&, ftrace::FtraceFrame&) noexcept {});
  bool is_done = false;
  EXPECT_EQ(x18_after([&] {
              is_done = ftrace::register_tracer(tracer).has_value() && ftrace::unregister_tracer(tracer).has_value();
            }),
            brand);
  EXPECT_TRUE(is_done);
}

// S3: a task that moves in a callback finds the x18 of its new CPU there, and the function does.
TEST_F(LivePlatformRegister, IsTheNewCpusAfterATracerThatMoved) {
  constexpr std::uint64_t moved = 0x1800'0000'0000'5678;
  for (const ftrace::RegisterSet registers : {ftrace::RegisterSet::arguments, ftrace::RegisterSet::all}) {
    ftrace::Tracer tracer([](ftrace::Tracer&, ftrace::FtraceFrame&) noexcept { set_x18(moved); }, {}, registers);
    Tracing tracing(tracer);
    EXPECT_EQ(x18_after([] { traced_leaf(1); }), moved);
  }
}

// The tracers find it as well.
TEST_F(LivePlatformRegister, IsKeptByTheTrampolines) {
  static unsigned seen;
  for (const ftrace::RegisterSet registers : {ftrace::RegisterSet::arguments, ftrace::RegisterSet::all}) {
    seen = 0;
    ftrace::Tracer tracer([](ftrace::Tracer&, ftrace::FtraceFrame&) noexcept { seen += x18() == brand ? 1U : 0U; }, {},
                          registers);
    ftrace::GraphTracer graph(
        [](ftrace::GraphTracer&, ftrace::FtraceFrame&) noexcept {
          seen += x18() == brand ? 1U : 0U;
          return true;
        },
        [](ftrace::GraphTracer&, const ReturnEntry&, ftrace::ReturnFrame&) noexcept {
          seen += x18() == brand ? 1U : 0U;
        });
    Tracing tracing(tracer);
    Tracing graph_tracing(graph);
    EXPECT_EQ(x18_after([] { nested_8(); }), brand);
    EXPECT_EQ(seen, 3 * 8U);
  }
}

}  // namespace
}  // namespace surefoot::testing::live
