// SPDX-License-Identifier: MIT
//
// Instructions as words, and memory for patch sites that a test makes up.
#pragma once

#include <sys/mman.h>

#include <cstdint>

#include "harness.hpp"

namespace surefoot::testing::live {

inline constexpr std::uint32_t nop = 0xd503201f;
inline constexpr std::uint32_t bti_c = ftrace::instruction_bti_c;
inline constexpr std::uint32_t mov_x9_x30 = 0xaa1e03e9;
inline constexpr std::uint32_t bl = 0x94000000;
inline constexpr std::uint32_t ret = 0xd65f03c0;
inline constexpr std::uint32_t breakpoint = 0xd4200000;

[[nodiscard]] inline std::uint32_t word_at(std::uint64_t address) {
  return *reinterpret_cast<const volatile std::uint32_t*>(address);
}

/// Executable memory, 1 GiB away from the program: what a BL cannot reach.
class FarPage {
 public:
  FarPage() {
    void* const hint = reinterpret_cast<void*>(address_of(traced_leaf) / 0x1000 * 0x1000 + 0x4000'0000);
    memory_ = mmap(hint, 0x1000, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(memory_, MAP_FAILED);
  }
  ~FarPage() { munmap(memory_, 0x1000); }
  FarPage(const FarPage&) = delete;
  FarPage& operator=(const FarPage&) = delete;

  [[nodiscard]] std::uint32_t* words() { return static_cast<std::uint32_t*>(memory_); }
  [[nodiscard]] std::uint64_t address(unsigned word) { return address_of(words()) + 4 * word; }

 private:
  void* memory_;
};

}  // namespace surefoot::testing::live
