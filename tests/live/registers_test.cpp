// SPDX-License-Identifier: MIT
//
// What the trampolines must hand on untouched: arguments, results, callee-saved registers and sp.
#include <span>

#include "harness.hpp"

namespace {

/// Dictated by run.S.
struct BrandedRegisters {
  std::uint64_t x[29];  ///< without x[9] and x[18]
  std::uint64_t sp_change;
};

}  // namespace

extern "C" {
void live_call_branded(const void* function, BrandedRegisters* registers) noexcept;
/// Writes its registers as they are at its entry to live_entry_registers, and changes none but x9.
void live_traced_registers() noexcept;
BrandedRegisters live_entry_registers;
}

namespace surefoot::testing::live {
namespace {

constexpr unsigned argument_registers[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
constexpr unsigned temporary_registers[] = {10, 11, 12, 13, 14, 15, 16, 17};
constexpr unsigned callee_saved_registers[] = {19, 20, 21, 22, 23, 24, 25, 26, 27, 28};

BrandedRegisters make_brands() {
  BrandedRegisters registers{};
  for (unsigned i = 0; i < 29; ++i) registers.x[i] = 0xb000'0000'0000'0200 + i;
  registers.sp_change = 1;
  return registers;
}

template <typename Function>
BrandedRegisters call_branded(Function* function, BrandedRegisters registers) {
  live_call_branded(reinterpret_cast<const void*>(function), &registers);
  return registers;
}

// Each of these registers, in two places.
void expect_same(std::span<const unsigned> registers, std::span<const std::uint64_t> seen,
                 std::span<const std::uint64_t> wanted) {
  for (const unsigned i : registers) EXPECT_EQ(seen[i], wanted[i]) << "x" << i;
}

void expect_callee_saved(const BrandedRegisters& after) {
  expect_same(callee_saved_registers, after.x, make_brands().x);
  EXPECT_EQ(after.sp_change, 0U);
}

// Uses up every register that a callback may.
void clobber() {
  asm volatile(
      "mov x0, #-1\n\tmov x1, #-1\n\tmov x2, #-1\n\tmov x3, #-1\n\tmov x4, #-1\n\tmov x5, #-1\n\t"
      "mov x6, #-1\n\tmov x7, #-1\n\tmov x8, #-1\n\tmov x9, #-1\n\tmov x10, #-1\n\tmov x11, #-1\n\t"
      "mov x12, #-1\n\tmov x13, #-1\n\tmov x14, #-1\n\tmov x15, #-1\n\tmov x16, #-1\n\tmov x17, #-1"
      :
      :
      : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16",
        "x17", "cc", "memory");
}

/// Every way through the trampolines at once or one by one.
struct Case {
  const char* name;
  bool has_tracer;
  ftrace::RegisterSet registers;
  bool has_graph;
};

class LiveRegisters : public LiveTest, public ::testing::WithParamInterface<Case> {
 protected:
  ftrace::Tracer tracer_{[](ftrace::Tracer&, ftrace::FtraceFrame&) noexcept { clobber(); }, {}, GetParam().registers};
  ftrace::GraphTracer graph_{
      [](ftrace::GraphTracer&, ftrace::FtraceFrame&) noexcept {
        clobber();
        return true;
      },
      [](ftrace::GraphTracer&, const ReturnEntry&, ftrace::ReturnFrame&) noexcept { clobber(); }};

  template <typename Body>
  void traced(Body body) {
    if (GetParam().has_tracer && GetParam().has_graph) {
      Tracing tracing(tracer_);
      Tracing graph_tracing(graph_);
      body();
    } else if (GetParam().has_tracer) {
      Tracing tracing(tracer_);
      body();
    } else {
      Tracing graph_tracing(graph_);
      body();
    }
  }
};

TEST_P(LiveRegisters, PassesEightArgumentsAndTwoResults) {
  traced([] {
    const BrandedRegisters brands = make_brands();
    const BrandedRegisters after = call_branded(traced_pair, brands);
    const std::uint64_t* x = brands.x;
    EXPECT_EQ(after.x[0], x[0] + 3 * x[2] + 5 * x[4] + 7 * x[6]);
    EXPECT_EQ(after.x[1], x[1] + 11 * x[3] + 13 * x[5] + 17 * x[7]);
    expect_callee_saved(after);
  });
}

TEST_P(LiveRegisters, PassesTheAddressOfAResultInMemory) {
  traced([] {
    Eight result{};
    BrandedRegisters brands = make_brands();
    brands.x[8] = reinterpret_cast<std::uintptr_t>(&result);
    const BrandedRegisters after = call_branded(traced_eight, brands);
    for (unsigned i = 0; i < 8; ++i) EXPECT_EQ(result.words[i], brands.x[i]) << "x" << i;
    expect_callee_saved(after);
  });
}

// A leaf that changes x0 only: the others may be part of a result of nine words as well.
TEST_P(LiveRegisters, PassesEveryRegisterOfAResult) {
  traced([] {
    const BrandedRegisters brands = make_brands();
    const BrandedRegisters after = call_branded(traced_leaf, brands);
    EXPECT_EQ(after.x[0], brands.x[0] + 1);
    expect_same(std::span(argument_registers).subspan(1), after.x, brands.x);
    expect_callee_saved(after);
  });
}

TEST_P(LiveRegisters, AreKeptThroughNestedCalls) {
  traced([] {
    const BrandedRegisters after = call_branded(nested_8, make_brands());
    EXPECT_EQ(after.x[0], 8U);
    expect_callee_saved(after);
  });
}

TEST_P(LiveRegisters, ReachTheFunctionAsTheCallerHadThem) {
  traced([] {
    const BrandedRegisters brands = make_brands();
    live_entry_registers = {};
    expect_callee_saved(call_branded(live_traced_registers, brands));
    expect_same(argument_registers, live_entry_registers.x, brands.x);
    expect_same(callee_saved_registers, live_entry_registers.x, brands.x);
    // The others are free between a call and its function, but who looks at them all may want them all.
    if (GetParam().registers != ftrace::RegisterSet::all) return;
    expect_same(temporary_registers, live_entry_registers.x, brands.x);
  });
}

INSTANTIATE_TEST_SUITE_P(Ways, LiveRegisters,
                         ::testing::Values(Case{"Tracer", true, ftrace::RegisterSet::arguments, false},
                                           Case{"TracerWithAllRegisters", true, ftrace::RegisterSet::all, false},
                                           Case{"Graph", true, ftrace::RegisterSet::arguments, true},
                                           Case{"GraphAlone", false, ftrace::RegisterSet::arguments, true},
                                           Case{"GraphWithAllRegisters", true, ftrace::RegisterSet::all, true}),
                         [](const auto& way) { return std::string(way.param.name); });

using LiveRegisterFrame = LiveTest;

TEST_F(LiveRegisterFrame, HasEveryRegisterOfTheCaller) {
  static ftrace::FtraceFrame seen;
  ftrace::Tracer tracer([](ftrace::Tracer&, ftrace::FtraceFrame& frame) noexcept { seen = frame; }, {},
                        ftrace::RegisterSet::all);
  Tracing tracing(tracer);
  const BrandedRegisters brands = make_brands();
  const BrandedRegisters after = call_branded(traced_leaf, brands);
  expect_same(argument_registers, seen.x, brands.x);
  expect_same(temporary_registers, seen.x, brands.x);
  expect_same(callee_saved_registers, seen.x, brands.x);
  EXPECT_EQ(seen.x[18], 0U);
  EXPECT_EQ(seen.sp % 16, 0U);
  EXPECT_EQ(seen.sp, seen.fp);  // run.S makes its record at the bottom of its frame
  EXPECT_EQ(seen.lr, seen.caller());
  EXPECT_EQ(symbol_at(seen.lr - 4), "live_call_branded");
  EXPECT_EQ(symbol_at(seen.pc - 4), "traced_leaf");
  expect_callee_saved(after);
}

TEST_F(LiveRegisterFrame, LetsATracerChangeEveryRegister) {
  ftrace::Tracer tracer(
      [](ftrace::Tracer&, ftrace::FtraceFrame& frame) noexcept {
        for (std::uint64_t& x : frame.x) x += 0x5000;
      },
      {}, ftrace::RegisterSet::all);
  Tracing tracing(tracer);
  BrandedRegisters brands = make_brands();
  const BrandedRegisters after = call_branded(live_traced_registers, brands);
  for (std::uint64_t& x : brands.x) x += 0x5000;
  for (const BrandedRegisters& seen : {live_entry_registers, after}) {
    expect_same(argument_registers, seen.x, brands.x);
    expect_same(temporary_registers, seen.x, brands.x);
    expect_same(callee_saved_registers, seen.x, brands.x);
  }
}

}  // namespace
}  // namespace surefoot::testing::live
