// SPDX-License-Identifier: MIT
//
// The little kernel in C++: describes itself, walks its own stack from two calls deep, and prints the trace.
#include <surefoot/print.hpp>
#include <surefoot/surefoot.hpp>

#include "kernel.h"

namespace {

constinit surefoot::Region image[1];
constinit surefoot::Interval intervals[64];
constinit surefoot::CodeMap code;

std::uint64_t address_of(const char* symbol) noexcept { return reinterpret_cast<std::uintptr_t>(symbol); }

bool describe_kernel() noexcept {
  const auto special_ranges = surefoot::SpecialRanges::linked();
  const auto calls = surefoot::SpecialRanges::linked_calls();
  if (!special_ranges || !calls) return false;
  image[0] = {.text = {address_of(text_start), address_of(text_end)},
              .special_ranges = *special_ranges,
              .calls_without_record = *calls};
  const auto made = surefoot::CodeMap::make(image, intervals);
  if (!made) return false;
  code = *made;
  return true;
}

[[gnu::noinline]] int inner(std::uint64_t final_record_at) noexcept {
  const surefoot::Stack stack{.range = {address_of(stack_start), address_of(stack_end)},
                              .kind = surefoot::StackKind::task};
  const auto kernel = surefoot::Kernel::make({.code = &code});
  const auto stacks = surefoot::StackSet::make({&stack, 1});
  const auto symbols = surefoot::Symbols::linked();
  if (!kernel || !stacks || !symbols) return 2;

  surefoot::Frame frames[16];
  const surefoot::Trace trace =
      surefoot::walk(surefoot::Start::here(), *kernel, {.stacks = *stacks, .final_record_at = final_record_at}, frames);
  surefoot::print_trace(trace, {.symbols = *symbols},
                        [](std::span<const char> text) noexcept { console_write(nullptr, text.data(), text.size()); });
  return trace.verdict.is_reliable() && trace.frames.size() == expected_frames ? 0 : 1;
}

[[gnu::noinline]] int middle(std::uint64_t final_record_at) noexcept {
  const int result = inner(final_record_at);
  NOT_A_TAIL_CALL();
  return result;
}

}  // namespace

int kernel_main(std::uint64_t final_record_at) {
  if (!describe_kernel()) return 4;
  const int result = middle(final_record_at);
  NOT_A_TAIL_CALL();
  return result;
}
