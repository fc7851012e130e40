// SPDX-License-Identifier: MIT
//
// The program bench_host: each method at each depth, as benchmarks METHOD/DEPTH of Google Benchmark. A method is timed
// on a stack only if it has found there exactly the frames that the stack was made of; if one has not, the exit code
// is 1.
#include <benchmark/benchmark.h>
#include <gnu/libc-version.h>
#include <pthread.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "chain.hpp"
#include "libunwind.hpp"
#include "methods.hpp"
#include "same_frames.hpp"

namespace surefoot::bench {
namespace {

bool has_failed = false;

/// What goes through the chain to the function on top of it.
struct Request {
  benchmark::State& state;
  Chain chain;
};

/// The function on top of the chain. Its frame is the first of every trace.
template <typename Method>
[[gnu::noinline]] void measure(void* argument) {
  Request& request = *static_cast<Request*>(argument);
  Top top{.fp = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)), .pc = 0};
  // An address in this function that the library can believe: see chain-x86-64.S.
  asm volatile(".p2align 2\n0: leaq 0b(%%rip), %0" : "=r"(top.pc));

  Method method(request.chain);
  const std::size_t first_count = method.take(top);
  const std::string difference = find_difference(method, first_count, request.chain);
  if (!difference.empty()) {
    has_failed = true;
    request.state.SkipWithError(difference.c_str());
    return;
  }
  std::size_t count = first_count;
  for ([[maybe_unused]] auto _ : request.state) {
    benchmark::DoNotOptimize(top);
    count = method.take(top);
    benchmark::DoNotOptimize(count);
    benchmark::ClobberMemory();
    // One walk ends before the next begins. The CPU would overlap short ones, as it never does with a single walk: the
    // chase then took a third of the time that its chain of loads needs.
    __builtin_ia32_lfence();
  }
  if (!find_difference(method, count, request.chain).empty()) {
    has_failed = true;
    request.state.SkipWithError("the last trace is not like the first");
  }
  request.state.counters["frames"] = static_cast<double>(count);
  request.state.counters["stack_bytes"] = static_cast<double>(request.chain.final_record_at - top.fp);
}

template <typename Method>
void run(benchmark::State& state, std::size_t depth_frames, const char* label) {
  state.SetLabel(label);
  const MetadataRecord final_record = {.zeros = {.fp = 0, .lr = 0}, .type = MetadataType::final_record};
  Request request{state, {depth_frames, reinterpret_cast<std::uintptr_t>(&final_record)}};
  run_on_chain(depth_frames, measure<Method>, &request, final_record);
}

/// Adds a method's benchmarks. Reports show the label.
template <typename Method>
void add(const char* name, const char* label) {
  for (const std::size_t depth_frames : depths_frames) {
    const std::string full_name = std::string(name) + '/' + std::to_string(depth_frames);
    benchmark::RegisterBenchmark(full_name.c_str(), run<Method>, depth_frames, label);
  }
}

void add_all() {
  add<Chase>("chase", "bare pointer chase");
  add<Walk<Extra::none>>("strict", "walk, strict, every check on");
  add<Walk<Extra::exact_policy>>("exact", "walk, exact");
  add<Walk<Extra::ranges_apart>>("strict_ranges_apart", "64 special ranges, next to the code");
  add<Walk<Extra::ranges_between>>("strict_ranges_between", "64 special ranges, in the midst of the code");
  add<Walk<Extra::return_stack>>("strict_return_stack", "with a return stack, empty");
  add<Walk<Extra::pac_mask>>("strict_pac_mask", "with a PAC mask");
  add<Walk<Extra::stacks>>("strict_stacks", "with four stacks");
  add<Walk<Extra::text>>("strict_text", "with four regions of code");
  add<Walk<Extra::kernel>>("strict_kernel", "64 special ranges, return stack, PAC mask, four stacks");
  add<Walk<Extra::all>>("strict_all", "with all of these, ranges in the midst");
  add<WalkOfBlockedTask>("strict_blocked_task", "of a blocked task");
  add<CursorLoop>("strict_cursor", "frame by frame");
  add<Abseil>("abseil", "abseil GetStackTrace");
  add<Libunwind>("libunwind", "nongnu libunwind unw_backtrace");
  add<Glibc>("glibc", "glibc backtrace");
}

void describe_versions() {
  benchmark::AddCustomContext("surefoot", SUREFOOT_BENCH_SUREFOOT);
  benchmark::AddCustomContext("compiler", SUREFOOT_BENCH_COMPILER);
  benchmark::AddCustomContext("abseil", SUREFOOT_BENCH_ABSEIL);
  benchmark::AddCustomContext("libunwind.so", load_libunwind().version);
  benchmark::AddCustomContext("glibc", gnu_get_libc_version());
}

/// Lets the CPU reach the clock rate that it keeps under load, before anything is timed.
void warm_up() {
  constexpr auto duration = std::chrono::milliseconds(500);
  const auto end = std::chrono::steady_clock::now() + duration;
  std::uint64_t turns = 0;
  while (std::chrono::steady_clock::now() < end) benchmark::DoNotOptimize(++turns);
}

void* run_benchmarks(void*) {
  warm_up();
  if (benchmark::RunSpecifiedBenchmarks() == 0) has_failed = true;
  return nullptr;
}

/// On a thread of its own, whose stack holds the deepest chain.
bool run_on_large_stack() {
  constexpr std::size_t stack_size = std::size_t{64} << 20;
  pthread_attr_t attributes;
  pthread_t thread;
  if (pthread_attr_init(&attributes) != 0) return false;
  const bool has_run = pthread_attr_setstacksize(&attributes, stack_size) == 0 &&
                       pthread_create(&thread, &attributes, run_benchmarks, nullptr) == 0 &&
                       pthread_join(thread, nullptr) == 0;
  pthread_attr_destroy(&attributes);
  return has_run;
}

}  // namespace
}  // namespace surefoot::bench

int main(int argc, char** argv) {
  surefoot::bench::add_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  surefoot::bench::describe_versions();
  if (!surefoot::bench::run_on_large_stack()) {
    std::fputs("bench_host: a thread with a large stack cannot be had\n", stderr);
    return 1;
  }
  benchmark::Shutdown();
  return surefoot::bench::has_failed ? 1 : 0;
}
