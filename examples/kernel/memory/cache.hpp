// SPDX-License-Identifier: MIT
//
// Cache maintenance by address. The line sizes come from CTR_EL0: a field holds the binary logarithm of the size in
// words of 4 bytes [arm-arm, CTR_EL0].
#pragma once

#include <cstdint>

#include "arch/system_registers.hpp"
#include "surefoot/address.hpp"

namespace kernel::memory {

[[nodiscard]] inline std::uint64_t data_line_size() noexcept {
  return std::uint64_t{4} << (KERNEL_READ_REGISTER("ctr_el0") >> 16 & 0xf);  // DminLine
}
[[nodiscard]] inline std::uint64_t instruction_line_size() noexcept {
  return std::uint64_t{4} << (KERNEL_READ_REGISTER("ctr_el0") & 0xf);  // IminLine
}

namespace detail {
template <class Operation>
inline void for_each_line(const surefoot::AddressRange& range, std::uint64_t line, Operation operation) noexcept {
  for (std::uint64_t at = range.start() & ~(line - 1); at < range.end(); at += line) operation(at);
}
}  // namespace detail

/// Invalidates data without writing it back. Whatever else shares its first and last lines is lost as well.
inline void discard_from_cache(const surefoot::AddressRange& range) noexcept {
  detail::for_each_line(range, data_line_size(), [](std::uint64_t at) {
    asm volatile("dc ivac, %0" ::"r"(at) : "memory");
  });
  completion_barrier();
}

/// Writes data back to memory, where a CPU reads it whose caches are off, and invalidates it.
inline void write_back(const surefoot::AddressRange& range) noexcept {
  detail::for_each_line(range, data_line_size(), [](std::uint64_t at) {
    asm volatile("dc civac, %0" ::"r"(at) : "memory");
  });
  completion_barrier();
}

/// Writes data back as far as instruction fetches need it.
inline void clean_to_unification(const surefoot::AddressRange& range) noexcept {
  detail::for_each_line(range, data_line_size(), [](std::uint64_t at) {
    asm volatile("dc cvau, %0" ::"r"(at) : "memory");
  });
  completion_barrier();
}

/// Makes the next fetch of each instruction read memory.
inline void discard_instructions(const surefoot::AddressRange& range) noexcept {
  detail::for_each_line(range, instruction_line_size(), [](std::uint64_t at) {
    asm volatile("ic ivau, %0" ::"r"(at) : "memory");
  });
  completion_barrier();
  instruction_barrier();
}

}  // namespace kernel::memory
