// SPDX-License-Identifier: MIT
//
// The program bench_peers: the instructions that each method takes on a chain of each depth, as counter_plugin.c counts
// them. Lines are
//   compiler NAME VERSION
//   count METHOD/DEPTH INSTRUCTIONS
// A method is counted only if it has found exactly the frames that the chain was made of, and if it takes the same each
// time; the exit code is 1 otherwise. One thread, so that the peers know of no other and the count is exact.
#include <cstdio>
#include <string>

#include "counter.hpp"
#include "host/chain.hpp"
#include "host/methods.hpp"
#include "host/same_frames.hpp"
#include "libunwind_aarch64.hpp"

namespace surefoot::bench {
namespace {

constexpr int repetitions = 4;

/// What goes through the chain to the function on top of it.
struct Request {
  const char* name;
  const Counter& counter;
  Chain chain;
  std::uint64_t instructions;
};

[[noreturn]] void fail(const Request& request, const std::string& what) {
  bench::fail((request.name + ('/' + std::to_string(request.chain.depth_frames)) + ": " + what).c_str());
}

/// The function on top of the chain. Its frame is the first of every trace.
template <typename Method>
[[gnu::noinline]] void measure(void* argument) {
  Request& request = *static_cast<Request*>(argument);
  Top top{.fp = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)), .pc = 0};
  asm volatile("adr %0, ." : "=r"(top.pc));

  Method method(request.chain);
  std::uint64_t instructions[repetitions];
  for (std::uint64_t& this_time : instructions) {
    const std::uint64_t before = request.counter.read();
    std::size_t count = method.take(top);
    asm volatile("" : "+r"(count));
    this_time = request.counter.read() - before - Counter::of_reading;
    const std::string difference = find_difference(method, count, request.chain);
    if (!difference.empty()) fail(request, difference);
  }
  // The first trace loads what is loaded late, and fills caches; also with the place of the call, of which there is one
  // only: nothing in the loop above depends on the turn, so that no compiler makes the first one apart.
  for (int i = 2; i < repetitions; ++i) {
    if (instructions[i] != instructions[1]) fail(request, "not the same count twice");
  }
  request.instructions = instructions[1];
}

template <typename Method>
void count(const Counter& counter, const char* name) {
  for (const std::size_t depth_frames : depths_frames) {
    // Aligned as every other record on AArch64: abseil follows no other.
    alignas(16) const MetadataRecord final_record = {.zeros = {.fp = 0, .lr = 0}, .type = MetadataType::final_record};
    Request request{name, counter, {depth_frames, reinterpret_cast<std::uintptr_t>(&final_record)}, 0};
    run_on_chain(depth_frames, measure<Method>, &request, final_record);
    std::printf("count %s/%zu %llu\n", name, depth_frames, static_cast<unsigned long long>(request.instructions));
  }
}

void count_all(const Counter& counter) {
  count<Chase>(counter, "chase");
  count<Walk<Extra::none>>(counter, "strict");
  count<Walk<Extra::exact_policy>>(counter, "exact");
  count<Walk<Extra::kernel>>(counter, "strict_kernel");
  count<Walk<Extra::all>>(counter, "strict_all");
  count<CursorLoop>(counter, "strict_cursor");
  count<Abseil>(counter, "abseil");
  count<LibunwindAarch64>(counter, "libunwind");
  count<LibunwindSteps>(counter, "libunwind_steps");
  count<Glibc>(counter, "glibc");
}

}  // namespace
}  // namespace surefoot::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: bench_peers FILE\nFILE is where counter_plugin.c counts\n", stderr);
    return 2;
  }
  const surefoot::bench::Counter counter(argv[1]);
  std::puts("compiler " SUREFOOT_BENCH_COMPILER);
  surefoot::bench::count_all(counter);
  return 0;
}
