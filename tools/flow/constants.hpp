// SPDX-License-Identifier: MIT
//
// Addresses and small numbers that straight-line code forms in registers: ADR, ADRP and ADD, MOVZ, moves. Enough for
// what assembly says of itself; not a data flow analysis.
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

  /// The effect of one instruction.
  void step(std::uint64_t pc, std::uint32_t word);
  /// Nothing is known where other code may join.
  void forget() { registers_ = {}; }
  /// Requires number < 32; of 31, which is sp or the zero register, nothing is known.
  [[nodiscard]] const std::optional<Constant>& operator[](unsigned number) const { return registers_[number]; }

 private:
  [[nodiscard]] std::optional<Constant> made_by(std::uint64_t pc, std::uint32_t word) const;

  std::array<std::optional<Constant>, 32> registers_;
};

}  // namespace surefoot::tools
