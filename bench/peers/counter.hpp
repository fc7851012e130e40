// SPDX-License-Identifier: MIT
//
// The count that counter_plugin.c keeps, as this program reads it.
#pragma once

#include <cstdint>

namespace surefoot::bench {

class Counter {
 public:
  /// Maps the file that the plugin was given. Ends the program if it cannot, or if the count is not exact: it is tried
  /// on loops of known length.
  explicit Counter(const char* path);

  /// What lies between two of these is counted, and the second one.
  [[gnu::always_inline]] std::uint64_t read() const {
    std::uint64_t count;
    asm volatile("ldr %0, %1" : "=r"(count) : "Q"(*count_) : "memory");
    return count;
  }

  /// What two calls of read() have counted if there is nothing in between.
  static constexpr std::uint64_t of_reading = 1;

 private:
  const volatile std::uint64_t* count_;
};

}  // namespace surefoot::bench
