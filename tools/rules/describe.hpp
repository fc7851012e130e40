// SPDX-License-Identifier: MIT
//
// States and CFI as text for people, and where the two differ.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cfi/cfi.hpp"
#include "flow/state.hpp"
#include "rules/rules.hpp"

namespace surefoot::tools {

/// "sp=c-32 x29=c-32 x30=? [c-32]=fp [c-24]=lr[s]": fp and lr are the caller's pair, c is the CFA.
[[nodiscard]] std::string describe(const State& state);

/// "c=sp+32 fp=[c-32] ra=[c-24][s]"
[[nodiscard]] std::string describe(const CfiRow& row);

/// "5 instructions with bits 31 to 25 = 0b0000001"
[[nodiscard]] std::string describe(const UnknownEncodings& unknown);

/// Neighbouring instructions at which the comparison of one function with CFI came out alike.
struct Difference {
  Comparison comparison = Comparison::differ;
  std::string function;
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::string cfi;
  std::string derived;
};

/// All stretches that differ, and those where CFI names a slot below sp.
[[nodiscard]] std::vector<Difference> find_differences(const FunctionRules& derived, const Cfi& cfi);

}  // namespace surefoot::tools
