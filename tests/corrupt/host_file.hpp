// SPDX-License-Identifier: MIT
//
// A file of the machine that runs the emulator [semihosting §5, §6].
#pragma once

#include <cstddef>
#include <cstdint>

namespace corrupt {

class HostFile {
 public:
  /// For writing, from its beginning. False if it cannot be opened.
  [[nodiscard]] bool open(const char* name) noexcept {
    constexpr std::uint64_t binary_write = 5;
    std::uint64_t length = 0;
    while (name[length] != '\0') ++length;
    const std::uint64_t block[] = {reinterpret_cast<std::uintptr_t>(name), binary_write, length};
    handle_ = call(sys_open, block);
    return is_open();
  }
  [[nodiscard]] bool is_open() const noexcept { return handle_ != closed; }
  /// False if not all could be written.
  [[nodiscard]] bool write(const void* bytes, std::size_t size) noexcept {
    const std::uint64_t block[] = {handle_, reinterpret_cast<std::uintptr_t>(bytes), size};
    return call(sys_write, block) == 0;
  }

 private:
  static constexpr std::uint64_t sys_open = 0x01;
  static constexpr std::uint64_t sys_write = 0x05;
  static constexpr std::uint64_t closed = ~std::uint64_t{0};

  static std::uint64_t call(std::uint64_t operation, const void* parameters) noexcept {
    register std::uint64_t x0 asm("x0") = operation;
    register const void* x1 asm("x1") = parameters;
    asm volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
    return x0;
  }

  std::uint64_t handle_ = closed;
};

}  // namespace corrupt
