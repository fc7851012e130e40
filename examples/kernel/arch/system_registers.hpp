// SPDX-License-Identifier: MIT
//
// Access to system registers, and the barriers that go with them. The name is text, so that a register that the
// assembler does not know under -march=armv8-a can be given in its generic form, S3_<op1>_C<n>_C<m>_<op2>
// [arm-arm, System register encodings]. A register of the level that the kernel runs at ends in KERNEL_LEVEL.
#pragma once

#include <cstdint>

#include "arch/level.h"

#define KERNEL_READ_REGISTER(name)                                         \
  __extension__({                                                          \
    std::uint64_t kernel_register_value;                                   \
    asm volatile("mrs %0, " name : "=r"(kernel_register_value)::"memory"); \
    kernel_register_value;                                                 \
  })

#define KERNEL_WRITE_REGISTER(name, value) \
  asm volatile("msr " name ", %x0" ::"rZ"(static_cast<std::uint64_t>(value)) : "memory")

namespace kernel {

/// What was written to a system register before it holds for every instruction after it.
inline void instruction_barrier() noexcept { asm volatile("isb" ::: "memory"); }

/// Every memory access before it has completed, page table walks included, before any instruction after it begins.
inline void completion_barrier() noexcept { asm volatile("dsb sy" ::: "memory"); }

inline void wait_for_interrupt() noexcept { asm volatile("dsb sy\n\twfi" ::: "memory"); }

}  // namespace kernel
