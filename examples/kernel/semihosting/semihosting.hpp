// SPDX-License-Identifier: MIT
//
// Calls to the machine that runs the emulator [semihosting]: the way in for a command line, and
// out for an exit code and for a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace kernel::semihosting {

/// Ends the emulation with an exit code. Without semihosting the CPU stops here.
[[noreturn]] void exit(int code) noexcept;

/// Stores the command line, ended by a zero, and returns its length; 0 if there is none or if it does not fit.
[[nodiscard]] std::size_t command_line(std::span<char> buffer) noexcept;

/// A file of the machine that runs the emulator, to be written. Used by one CPU at a time; without semihosting each
/// call stops its CPU.
class File {
 public:
  constexpr File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  /// Makes an empty file, in the place of one that is there. The path ends with a zero, and is as the emulator sees it.
  [[nodiscard]] bool open(std::span<const char> path) noexcept;
  [[nodiscard]] bool is_open() const noexcept { return handle_ != none; }
  /// False unless all bytes were written.
  [[nodiscard]] bool write(std::span<const std::byte> bytes) noexcept;
  /// False if the host has reported an error.
  [[nodiscard]] bool close() noexcept;

 private:
  static constexpr std::uint64_t none = ~std::uint64_t{0};

  std::uint64_t handle_ = none;
};

}  // namespace kernel::semihosting
