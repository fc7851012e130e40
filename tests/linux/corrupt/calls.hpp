// SPDX-License-Identifier: MIT
//
// The calls in a kernel and its modules: where a forged return address may lead without a contradiction to a call site.
#pragma once

#include <cstdint>
#include <random>
#include <unordered_map>
#include <vector>

#include "linux/dumped_linux.hpp"

namespace corrupt_dump {

using surefoot::tools::DumpedLinux;
using Random = std::mt19937_64;

class Calls {
 public:
  explicit Calls(DumpedLinux& dump);

  /// The addresses behind calls, ascending.
  [[nodiscard]] const std::vector<std::uint64_t>& all() const { return all_; }
  /// Behind calls by a register, ascending.
  [[nodiscard]] const std::vector<std::uint64_t>& by_register() const { return by_register_; }
  /// Behind direct calls of special code that is no veneer, by ordinary code.
  [[nodiscard]] const std::vector<std::uint64_t>& of_special() const { return of_special_; }
  /// Behind direct calls of a function.
  [[nodiscard]] const std::vector<std::uint64_t>& of(std::uint64_t function) const;
  /// The largest piece of code.
  [[nodiscard]] surefoot::AddressRange text() const { return text_; }

 private:
  void add(DumpedLinux& dump, surefoot::AddressRange text);

  surefoot::AddressRange text_;
  std::vector<std::uint64_t> all_;
  std::vector<std::uint64_t> by_register_;
  std::vector<std::uint64_t> of_special_;
  std::unordered_map<std::uint64_t, std::vector<std::uint64_t>> by_target_;
};

}  // namespace corrupt_dump
