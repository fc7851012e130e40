// SPDX-License-Identifier: MIT
//
// The jobs of the tasks, a function for each thing that a profile should show. Compiled for tracing.
#include <array>
#include <cstdint>

#include "sched/scheduler.hpp"
#include "uses/profile/work.hpp"

namespace profile {
namespace {

// A function that shows up under its own name, in calls that stay calls, whatever a compiler could make of it.
#if defined(__clang__)
#define PROFILE_FUNCTION [[gnu::noinline]]
#elif defined(DEMO_PATCH_SITES_BY_ATTRIBUTE)
#define PROFILE_FUNCTION [[gnu::noipa, gnu::patchable_function_entry(2)]]
#else
#define PROFILE_FUNCTION [[gnu::noipa]]
#endif

constinit const kernel::modules::Module* entered = nullptr;

void keep(std::uint64_t value) noexcept { asm volatile("" ::"r"(value) : "memory"); }

}  // namespace

// Recursion, to a depth of its own at each call.

PROFILE_FUNCTION std::uint64_t fibonacci(std::uint64_t n) noexcept {
  const std::uint64_t result = n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
  keep(result);
  return result;
}

void do_recursion() noexcept { keep(fibonacci(18)); }

// Loops in leaves: no record is made there, or just one.

PROFILE_FUNCTION std::uint64_t mix_words(std::uint64_t seed) noexcept {
  for (unsigned turns = 4'000; turns != 0; --turns) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    keep(seed);
  }
  return seed;
}

PROFILE_FUNCTION std::uint64_t count_bits(std::uint64_t words) noexcept {
  std::uint64_t bits = 0;
  for (; words != 0; --words) {
    for (std::uint64_t word = words; word != 0; word &= word - 1) ++bits;
    keep(bits);
  }
  return bits;
}

void do_leaf_loops() noexcept {
  keep(mix_words(1));
  keep(count_bits(500));
}

// A sort by heap, with a comparison that is called by its address.

namespace {

using Less = bool (*)(std::uint32_t, std::uint32_t) noexcept;

}  // namespace

PROFILE_FUNCTION bool is_less(std::uint32_t a, std::uint32_t b) noexcept {
  keep(a);
  return a < b;
}

PROFILE_FUNCTION void sift_down(std::uint32_t* numbers, std::uint32_t root, std::uint32_t count, Less less) noexcept {
  for (std::uint32_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
    if (child + 1 < count && less(numbers[child], numbers[child + 1])) ++child;
    if (!less(numbers[root], numbers[child])) return;
    const std::uint32_t number = numbers[root];
    numbers[root] = numbers[child];
    numbers[child] = number;
    root = child;
  }
}

PROFILE_FUNCTION void sort_numbers(std::uint32_t* numbers, std::uint32_t count) noexcept {
  const Less volatile less = is_less;
  for (std::uint32_t root = count / 2; root-- != 0;) sift_down(numbers, root, count, less);
  for (std::uint32_t last = count; last-- > 1;) {
    const std::uint32_t number = numbers[0];
    numbers[0] = numbers[last];
    numbers[last] = number;
    sift_down(numbers, 0, last, less);
  }
}

void do_sorting() noexcept {
  std::array<std::uint32_t, 128> numbers;
  std::uint32_t seed = 1;
  for (std::uint32_t& number : numbers) number = seed = seed * 1664525 + 1013904223;
  sort_numbers(numbers.data(), numbers.size());
  keep(numbers[0]);
}

// Calls whose return addresses graph tracing has rewritten, around one whose entry a function tracer sees.

PROFILE_FUNCTION void parse_request(std::uint64_t length) noexcept {
  for (; length != 0; --length) keep(length);
}

PROFILE_FUNCTION void find_answer(std::uint64_t turns) noexcept {
  for (; turns != 0; --turns) parse_request(200);
  keep(turns);
}

PROFILE_FUNCTION void send_answer(std::uint64_t length) noexcept {
  for (; length != 0; --length) keep(length);
}

PROFILE_FUNCTION void serve_request() noexcept {
  parse_request(400);
  find_answer(4);
  send_answer(800);
  keep(0);
}

void do_requests() noexcept {
  for (unsigned requests = 8; requests != 0; --requests) serve_request();
}

TracedFunctions traced_functions() noexcept {
  const auto entry_of = [](auto* function) { return reinterpret_cast<std::uintptr_t>(function); };
  return {.hooked = {entry_of(serve_request), entry_of(find_answer), entry_of(parse_request)},
          .traced = {entry_of(send_answer)}};
}

// Two tasks that give each other the CPU: what is seen of them is the scheduler.

PROFILE_FUNCTION void wait_for_turn() noexcept {
  kernel::sched::yield();
  keep(0);
}

void do_hand_over() noexcept {
  for (unsigned turns = 16; turns != 0; --turns) wait_for_turn();
}

// Work in the handler of a breakpoint, which the timer interrupts as well.

PROFILE_FUNCTION void walk_list(std::uint64_t length) noexcept {
  for (; length != 0; --length) keep(length);
}

PROFILE_FUNCTION void handle_breakpoint() noexcept {
  walk_list(4'000);
  keep(0);
}

PROFILE_FUNCTION void run_into_breakpoint() noexcept { asm volatile("brk #0x61" ::: "memory"); }

void do_breakpoints() noexcept {
  run_into_breakpoint();
  keep(0);
}

// Through a module, and back into the kernel.

void set_module(const kernel::modules::Module& module) noexcept { entered = &module; }

PROFILE_FUNCTION void called_by_module(std::uint64_t length) noexcept {
  for (; length != 0; --length) keep(length);
}

void do_module_calls() noexcept {
  entered->outer()(called_by_module, 4'000);
  keep(0);
}

}  // namespace profile
