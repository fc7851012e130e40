// SPDX-License-Identifier: MIT
//
// The kernels and tasks that the walk is measured with.
#include "surroundings.hpp"

#include <errno.h>
#include <pthread.h>

#include <cstdio>
#include <cstdlib>

#include "chain.hpp"

extern "C" {
// Set by the linker.
extern const char __executable_start[];
extern const char etext[];
}

namespace surefoot::bench {
namespace {

// Addresses that nothing uses, for stacks and code that no walk meets.
constexpr std::uint64_t unused_at = 0x1000;
constexpr std::uint64_t unused_size = 0x1000;

AddressRange unused_range(std::uint64_t number) {
  const std::uint64_t start = unused_at + number * unused_size;
  return {start, start + unused_size};
}

AddressRange this_threads_stack() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) fail("the stack of this thread is not known");
  void* start = nullptr;
  std::size_t size = 0;
  const int error = pthread_attr_getstack(&attributes, &start, &size);
  pthread_attr_destroy(&attributes);
  if (error != 0) fail("the bounds of this thread's stack are not known");
  const auto start_at = reinterpret_cast<std::uintptr_t>(start);
  return {start_at, start_at + size};
}

template <typename Made>
auto expect(const Made& made) {
  if (!made) fail(to_string(made.error().code));
  return *made;
}

}  // namespace

void fail(const char* what) {
  std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, what);
  std::exit(1);
}

AddressRange program_text() {
  // Whole words, as of A64 instructions, on x86-64 too.
  return {reinterpret_cast<std::uintptr_t>(__executable_start), reinterpret_cast<std::uintptr_t>(etext) & ~3ULL};
}

Surroundings::Surroundings(Extra extra, std::uint64_t final_record_at) {
  const auto has = [extra](Extra wanted) {
    const bool is_of_kernel = wanted != Extra::ranges_between && wanted != Extra::text;
    return extra == wanted || extra == Extra::all || (extra == Extra::kernel && is_of_kernel);
  };
  if (has(Extra::text)) {
    for (std::uint64_t number = 0; number < 3; ++number) {
      regions_.push_back({.text = unused_range(number), .special_ranges = SpecialRanges::none()});
    }
  }
  regions_.push_back({.text = program_text(), .special_ranges = SpecialRanges::none()});
  SpecialRanges& special_ranges = regions_.back().special_ranges;
  if (has(Extra::ranges_apart)) special_ranges = expect(SpecialRanges::make(ranges_apart()));
  if (has(Extra::ranges_between)) special_ranges = expect(SpecialRanges::make(ranges_between_links()));
  intervals_.resize(CodeMap::intervals_needed(regions_));
  code_ = expect(CodeMap::make(regions_, intervals_));
  KernelDescription description{.code = &code_,
                                .policy = extra == Extra::exact_policy ? Policy::exact : Policy::strict};
  constexpr unsigned address_bits = 48;
  if (has(Extra::pac_mask)) description.pac = PointerAuthMask::for_address_bits(address_bits);
  kernel_ = expect(Kernel::make(description));

  task_stacks_ = {Stack{this_threads_stack(), StackKind::task}};
  task_.stacks = expect(StackSet::make(task_stacks_));
  cpu_stacks_ = {Stack{unused_range(3), StackKind::irq}, Stack{unused_range(4), StackKind::overflow},
                 Stack{unused_range(5), StackKind::other}};
  if (has(Extra::stacks)) task_.cpu_stacks = expect(StackSet::make(cpu_stacks_));
  if (has(Extra::return_stack)) task_.return_stacks = return_stacks_;
  task_.final_record_at = final_record_at;
}

}  // namespace surefoot::bench
