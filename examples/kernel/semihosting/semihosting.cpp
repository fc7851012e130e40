// SPDX-License-Identifier: MIT
#include "semihosting/semihosting.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

#include "arch/system_registers.hpp"

namespace kernel::semihosting {
namespace {

// [semihosting §5, §6].
constexpr std::uint64_t sys_open = 0x01;
constexpr std::uint64_t sys_close = 0x02;
constexpr std::uint64_t sys_write = 0x05;
constexpr std::uint64_t sys_get_cmdline = 0x15;
constexpr std::uint64_t sys_exit_extended = 0x20;
constexpr std::uint64_t application_exit = 0x2'0026;
constexpr std::uint64_t write_binary = 5;  // "wb" of fopen()

// HLT 0xf000 is the call; the host reads and writes memory while the CPU stands.
std::uint64_t call(std::uint64_t operation, const void* parameters) noexcept {
  register std::uint64_t x0 asm("x0") = operation;
  register const void* x1 asm("x1") = parameters;
  asm volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
  return x0;
}

}  // namespace

void exit(int code) noexcept {
  const std::uint64_t block[] = {application_exit, static_cast<std::uint64_t>(code)};
  call(sys_exit_extended, block);
  for (;;) wait_for_interrupt();
}

std::size_t command_line(std::span<char> buffer) noexcept {
  std::uint64_t block[] = {reinterpret_cast<std::uintptr_t>(buffer.data()), buffer.size()};
  if (call(sys_get_cmdline, block) != 0 || block[1] >= buffer.size()) return 0;
  return block[1];
}

bool File::open(std::span<const char> path) noexcept {
  // The length does not count a zero, which has to be there.
  if (is_open() || path.empty() || path.back() != '\0') return false;
  const std::uint64_t block[] = {reinterpret_cast<std::uintptr_t>(path.data()), write_binary, path.size() - 1};
  handle_ = call(sys_open, block);
  return is_open();
}

bool File::write(std::span<const std::byte> bytes) noexcept {
  const std::uint64_t block[] = {handle_, reinterpret_cast<std::uintptr_t>(bytes.data()), bytes.size()};
  return is_open() && call(sys_write, block) == 0;  // the bytes that were not written
}

bool File::close() noexcept {
  const std::uint64_t block[] = {handle_};
  const bool is_good = is_open() && call(sys_close, block) == 0;
  handle_ = none;
  return is_good;
}

}  // namespace kernel::semihosting
