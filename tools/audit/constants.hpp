// SPDX-License-Identifier: MIT
//
// Addresses that straight-line code forms in registers: ADR, ADRP and ADD, moves. Enough for what assembly says of
// itself; not a data flow analysis.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace surefoot::tools {

class Constants {
 public:
  /// A constant, and the instruction that completed it.
  struct Constant {
    std::uint64_t value = 0;
    std::uint64_t made_at = 0;
  };

  /// The effect of one instruction. What is not understood is taken to change every register that it names.
  void step(std::uint64_t pc, std::uint32_t word);
  /// Nothing is known where other code may join.
  void forget() { registers_ = {}; }
  [[nodiscard]] const std::optional<Constant>& operator[](unsigned number) const { return registers_[number]; }

 private:
  bool step_address(std::uint64_t pc, std::uint32_t word);
  void step_branch_or_system(std::uint32_t word);
  void step_memory(std::uint32_t word);

  std::array<std::optional<Constant>, 32> registers_;
};

}  // namespace surefoot::tools
