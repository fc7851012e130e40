// SPDX-License-Identifier: MIT
//
// Counting the instructions and the stack of one call. A measurement is taken twice and has to give the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "count/counted_call.h"

namespace bench {

/// What a call took.
struct Cost {
  std::uint64_t instructions = 0;
  std::uint64_t stack_bytes = 0;  ///< the deepest that was written to
  friend constexpr bool operator==(const Cost&, const Cost&) = default;
};

/// A call as counted_call.S makes it. Dictated by counted_call.h.
struct CountedCall {
  std::uintptr_t function = 0;
  std::uintptr_t result_at = 0;  ///< x8: where a result that is too large for registers goes
  std::uint64_t arguments[6] = {};
  std::uint64_t result = 0;
  std::uint64_t instructions = 0;
  std::uint64_t stack_bytes = 0;
};
static_assert(offsetof(CountedCall, function) == BENCH_CALL_OFFSET_FUNCTION);
static_assert(offsetof(CountedCall, result_at) == BENCH_CALL_OFFSET_RESULT_AT);
static_assert(offsetof(CountedCall, arguments) == BENCH_CALL_OFFSET_ARGUMENTS);
static_assert(offsetof(CountedCall, result) == BENCH_CALL_OFFSET_RESULT);
static_assert(offsetof(CountedCall, instructions) == BENCH_CALL_OFFSET_INSTRUCTIONS);
static_assert(offsetof(CountedCall, stack_bytes) == BENCH_CALL_OFFSET_STACK_BYTES);

/// Starts the counter, and finds out what counting itself takes. False, and a message, if the counter does not count
/// each instruction of a known loop.
[[nodiscard]] bool start_counter() noexcept;

/// Makes the call. Interrupts are masked for its length.
[[nodiscard]] Cost count(CountedCall& call) noexcept;

template <class T>
[[nodiscard]] std::uint64_t address_of(T& object) noexcept {
  return reinterpret_cast<std::uintptr_t>(&object);
}

/// Prints `count NAME VALUE`, and `stack NAME BYTES`. The name is its parts with slashes in between.
void report_count(std::initializer_list<const char*> name, std::uint64_t value) noexcept;
void report_stack(std::initializer_list<const char*> name, std::uint64_t bytes) noexcept;

/// Prints `failed NAME: WHAT`. The image then ends with exit code 1.
void report_failure(std::initializer_list<const char*> name, const char* what) noexcept;
[[nodiscard]] bool has_failed() noexcept;

}  // namespace bench
