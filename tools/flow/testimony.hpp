// SPDX-License-Identifier: MIT
//
// What others say of an image's frames, CFI above all. Paths prove states; a testimony may help to find them, and
// contradict them.
#pragma once

#include <cstdint>
#include <optional>

#include "flow/state.hpp"

namespace surefoot::tools {

/// How a derived state and a testimony compare at one instruction.
enum class Comparison : std::uint8_t {
  agree,
  derived_only,
  cfi_only,
  differ,
  cfi_below_sp,  ///< CFI names a slot below sp, which an exception overwrites (hazard X10): a fault of the CFI
  neither,
  cfi_synchronous,    ///< they differ, but the function's CFI is right at calls only (cfi/synchronous.hpp)
  cfi_base_restored,  ///< they differ, since CFI counts from x29 that has been given back to the caller: a fault of CFI
  cfi_early,          ///< they differ, and CFI says what holds behind the instruction: a fault of CFI
};
inline constexpr std::size_t comparison_count = 9;

[[nodiscard]] const char* to_string(Comparison comparison);

class Testimony {
 public:
  /// Derived_only where nothing is said of the instruction.
  [[nodiscard]] virtual Comparison compare(const State& state, std::uint64_t pc) const = 0;
  /// What is said, as a state; empty if nothing is, or what a state cannot hold.
  [[nodiscard]] virtual std::optional<State> state_at(std::uint64_t pc) const = 0;
  /// True if it is said that sp is not the CFA, or that the CFA is not found from sp.
  [[nodiscard]] virtual bool has_frame(std::uint64_t pc) const = 0;

 protected:
  ~Testimony() = default;
};

}  // namespace surefoot::tools
