// SPDX-License-Identifier: MIT
//
// Mapping the count, and trying it.
#include "counter.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host/surroundings.hpp"

namespace surefoot::bench {
namespace {

const volatile std::uint64_t* map_count(const char* path) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) fail("the file with the count cannot be read: see counter_plugin.c");
  void* const mapped = mmap(nullptr, sizeof(std::uint64_t), PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (mapped == MAP_FAILED) fail("the file with the count cannot be mapped");
  return static_cast<const volatile std::uint64_t*>(mapped);
}

// What is counted of a loop of 3 * turns instructions. Nothing of it is the compiler's.
std::uint64_t count_loop(const volatile std::uint64_t* count, std::uint64_t turns) {
  std::uint64_t before = 0;
  std::uint64_t after = 0;
  asm volatile(
      "ldr %0, %3\n"
      "1: nop\n"
      "subs %2, %2, #1\n"
      "b.ne 1b\n"
      "ldr %1, %3"
      : "=&r"(before), "=&r"(after), "+&r"(turns)
      : "Q"(*count)
      : "cc", "memory");
  return after - before - Counter::of_reading;
}

}  // namespace

Counter::Counter(const char* path) : count_(map_count(path)) {
  for (const std::uint64_t turns : {1U, 1000U, 100'000U}) {
    if (count_loop(count_, turns) != 3 * turns) fail("the count is not exact: run it with the plugin, on one thread");
  }
}

}  // namespace surefoot::bench
