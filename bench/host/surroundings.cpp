// SPDX-License-Identifier: MIT
//
// The contexts that the walk is measured with.
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

// Addresses that nothing uses, for ranges that are compared with and never match.
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

SpecialRanges make_ranges(std::span<const SpecialRangeEntry> entries) {
  const auto ranges = SpecialRanges::make(entries);
  if (!ranges) fail(to_string(ranges.error().code));
  return *ranges;
}

}  // namespace

void fail(const char* what) {
  std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, what);
  std::exit(1);
}

AddressRange program_text() {
  return {reinterpret_cast<std::uintptr_t>(__executable_start), reinterpret_cast<std::uintptr_t>(etext)};
}

Surroundings::Surroundings(Extra extra, std::uint64_t final_record_at) {
  const auto has = [extra](Extra wanted) {
    const bool is_of_kernel = wanted != Extra::ranges_between && wanted != Extra::text;
    return extra == wanted || extra == Extra::all || (extra == Extra::kernel && is_of_kernel);
  };
  stacks_ = {Stack{unused_range(0), StackKind::irq}, Stack{unused_range(1), StackKind::overflow},
             Stack{unused_range(2), StackKind::other}, Stack{this_threads_stack(), StackKind::task}};
  text_ = {unused_range(3), unused_range(4), unused_range(5), program_text()};
  context_.stacks = has(Extra::stacks) ? std::span<const Stack>(stacks_) : std::span(stacks_).last(1);
  context_.text = has(Extra::text) ? std::span<const AddressRange>(text_) : std::span(text_).last(1);
  context_.special_ranges = SpecialRanges::none();
  if (has(Extra::ranges_apart)) context_.special_ranges = make_ranges(ranges_apart());
  if (has(Extra::ranges_between)) context_.special_ranges = make_ranges(ranges_between_links());
  if (has(Extra::return_stack)) context_.return_stack = &return_stack_;
  constexpr unsigned address_bits = 48;
  if (has(Extra::pac_mask)) context_.pac = PointerAuthMask::for_address_bits(address_bits);
  context_.final_record_at = final_record_at;
  context_.policy = extra == Extra::exact_policy ? Policy::exact : Policy::strict;
}

}  // namespace surefoot::bench
