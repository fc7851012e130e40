// SPDX-License-Identifier: MIT
//
// Where the stream goes: a file of the machine that runs the emulator, or the console, a line a record.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "semihosting/semihosting.hpp"
#include "surefoot/profile.hpp"

namespace profile {

class Output {
 public:
  constexpr Output() = default;

  /// To a file from now on; the path ends with a zero. Without this call, to the console.
  [[nodiscard]] bool open(std::span<const char> path) noexcept { return file_.open(path); }

  /// The records before the samples.
  void header(std::uint64_t ticks_per_second, std::uint64_t base) noexcept;
  void region(const surefoot::profile::StreamRegion& region) noexcept;
  /// What the sampler has, and in the end its counters.
  void drain(surefoot::profile::Sampler& sampler) noexcept;
  void counters(std::uint32_t cpu, const surefoot::profile::Counters& counters) noexcept;

  /// False if anything could not be written.
  [[nodiscard]] bool close() noexcept;
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  static constexpr std::size_t line_record = surefoot::profile::max_sample_size(64);

  void write(std::span<const std::byte> records) noexcept;

  kernel::semihosting::File file_;
  std::array<std::byte, 4096> room_{};
  std::array<char, surefoot::profile::line_size(line_record)> line_{};
  std::uint64_t bytes_ = 0;
  bool is_good_ = true;
};

}  // namespace profile
