// SPDX-License-Identifier: MIT
//
// The calls in a kernel's image: what a forged return address may lead to without a contradiction to a call site.
#pragma once

#include <cstdint>
#include <random>
#include <unordered_map>
#include <vector>

#include "linux/dumped_linux.hpp"

namespace corrupt_dump {

using Random = std::mt19937_64;

class Calls {
 public:
  explicit Calls(surefoot::tools::DumpedLinux& dump);

  /// The addresses behind calls, ascending.
  [[nodiscard]] const std::vector<std::uint64_t>& all() const { return all_; }
  /// Behind calls by a register, ascending.
  [[nodiscard]] const std::vector<std::uint64_t>& by_register() const { return by_register_; }
  /// Behind direct calls of a function.
  [[nodiscard]] const std::vector<std::uint64_t>& of(std::uint64_t function) const;
  [[nodiscard]] surefoot::AddressRange text() const { return text_; }

 private:
  surefoot::AddressRange text_;
  std::vector<std::uint64_t> all_;
  std::vector<std::uint64_t> by_register_;
  std::unordered_map<std::uint64_t, std::vector<std::uint64_t>> by_target_;
};

}  // namespace corrupt_dump
