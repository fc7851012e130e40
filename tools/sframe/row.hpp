// SPDX-License-Identifier: MIT
//
// A rule for one instruction, in the terms of SFrame version 3's default type: what a frame table can say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "flow/state.hpp"

namespace surefoot::tools {

struct Row {
  enum class Base : std::uint8_t { fp, sp };
  enum class Where : std::uint8_t {
    registers,    ///< the caller's pc is in x30 and its fp in x29
    stack,        ///< both are in slots: CFA + ra, CFA + fp
    nowhere,      ///< the outermost function: it has no caller
    lr_on_stack,  ///< the caller's pc is in a slot, CFA + ra, and its fp in x29
  };
  Where where = Where::registers;
  Base base = Base::sp;
  bool is_signed = false;  ///< the return address has a pointer authentication code
  std::int32_t cfa = 0;    ///< CFA = base + cfa
  std::int32_t ra = 0;     ///< with Where::stack and Where::lr_on_stack only, else 0
  std::int32_t fp = 0;     ///< with Where::stack only, else 0
  friend bool operator==(const Row&, const Row&) = default;
};

/// A function's rules, one for each instruction from its start to its end.
struct FunctionRows {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::vector<std::optional<Row>> rows;  ///< (end - start) / 4 of them; empty: no rule is known to hold
  bool has_key_b = false;                ///< return addresses that are signed are so with the B key
};

/// The same in little memory, for the functions of a whole image: neighbours mostly have the same rule.
class PackedRows {
 public:
  explicit PackedRows(const FunctionRows& function);
  [[nodiscard]] std::uint64_t start() const { return start_; }
  [[nodiscard]] std::uint64_t end() const { return end_; }
  [[nodiscard]] FunctionRows unpack() const;

 private:
  struct Stretch {
    std::uint32_t count = 0;  // of instructions
    std::optional<Row> row;
  };
  std::uint64_t start_;
  std::uint64_t end_;
  bool has_key_b_;
  std::vector<Stretch> stretches_;
};

/// True if the row is right in the state: base + cfa is the CFA, and the caller's pc and fp are where it says. Slots
/// that an exception could overwrite, below sp, are never right.
[[nodiscard]] bool is_right(const Row& row, const State& state);

/// Rules for a function from the states before its instructions, none where there is no state or none is right. Of
/// several that are right it takes those that stay right for longest, so that the table has few rows.
[[nodiscard]] std::vector<std::optional<Row>> choose_rows(const std::vector<const State*>& states);

/// As objdump --sframe writes it: "sp+32 c-32 c-24[s]", u for what is in its register.
[[nodiscard]] std::string to_string(const Row& row);

}  // namespace surefoot::tools
