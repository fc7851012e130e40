// SPDX-License-Identifier: MIT
//
// What a compiler's or an assembly author's CFI says about an instruction: .eh_frame and .debug_frame.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "elf/image.hpp"
#include "flow/state.hpp"
#include "flow/testimony.hpp"

namespace surefoot::tools {

/// Where CFI says that one register of the caller is.
struct CfiPlace {
  enum class Kind : std::uint8_t {
    same_value,   ///< in the register itself
    undefined,    ///< nowhere: of the return address, no caller
    at_cfa,       ///< in the slot CFA + number
    in_register,  ///< in the register `number`
    unsupported,  ///< a DWARF expression, or anything else
  };
  Kind kind = Kind::same_value;
  std::int64_t number = 0;
  friend bool operator==(const CfiPlace&, const CfiPlace&) = default;
};

/// The row of a CFI table that covers [start, end).
struct CfiRow {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  bool has_cfa = false;  ///< false: the CFA is a DWARF expression
  unsigned cfa_register = sp_number;
  std::int64_t cfa_offset = 0;
  CfiPlace ra = {};
  CfiPlace fp = {};
  bool is_signed = false;  ///< DW_CFA_AARCH64_negate_ra_state
  bool is_signal_frame = false;
};

/// All rows of a function's FDEs, by rising start. Code without CFI has none.
class Cfi final : public Testimony {
 public:
  /// Reads both sections; where both describe an address .eh_frame holds. Faulty parts are left out and counted.
  explicit Cfi(const Image& image);
  [[nodiscard]] const std::vector<CfiRow>& rows() const { return rows_; }
  [[nodiscard]] const CfiRow* find(std::uint64_t pc) const;
  [[nodiscard]] Comparison compare(const State& state, std::uint64_t pc) const override;
  [[nodiscard]] std::optional<State> state_at(std::uint64_t pc) const override;
  [[nodiscard]] bool has_frame(std::uint64_t pc) const override;
  [[nodiscard]] std::size_t faulty_entries() const { return faulty_entries_; }

 private:
  std::vector<CfiRow> rows_;
  std::size_t faulty_entries_ = 0;
};

/// The state that a row describes; empty if it has no caller, or needs more than places. What it leaves out is unknown.
[[nodiscard]] std::optional<State> state_of(const CfiRow& row);

/// By meaning, not by spelling: CFI agrees if, evaluated in the state, its CFA is the CFA, and its places of the return
/// address and the frame pointer hold the caller's. `state` and `row` may be null.
[[nodiscard]] Comparison compare(const State* state, const CfiRow* row);

}  // namespace surefoot::tools
