// SPDX-License-Identifier: MIT
//
// Calls at which x29 does not point at the function's own record, as a table of special ranges: a walk that finds one
// of their return addresses must not go on by the record at x29, which is another function's.
//
// A call in code that could not be followed counts as one. To leave it out would be to promise a record that nobody has
// seen, and it costs little: in five libraries of the cross compiler these are 7 of 43,693 calls (docs/frame-table.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <vector>

#include "rules/rules.hpp"
#include "surefoot/address.hpp"

namespace surefoot::tools {

/// The calls of one image. Functions in any order; each once.
class CallsWithoutRecord {
 public:
  explicit CallsWithoutRecord(const RuleDerivation& derivation) : derivation_(derivation) {}

  /// Adds those of one function: BL, BLR and the authenticated forms of BLR, whether they return or not. Not those in
  /// special ranges, of functions that have no caller, or that are made with a metadata record (metadata_record.hpp).
  void add(const FunctionRules& derived);
  /// After all functions: adds the calls in code outside of them, of which nothing is known, and sorts.
  void finish();

  /// The addresses of the calls, sorted.
  [[nodiscard]] const std::vector<std::uint64_t>& addresses() const { return addresses_; }
  /// How many of them are in code that could not be followed.
  [[nodiscard]] std::size_t not_followed() const { return not_followed_; }
  /// The same as ranges: neighbours are one.
  [[nodiscard]] std::vector<AddressRange> ranges() const;

 private:
  [[nodiscard]] bool is_asked(std::uint64_t pc) const;
  void note(std::uint64_t call, bool is_known);

  const RuleDerivation& derivation_;
  std::vector<std::uint64_t> addresses_;
  std::size_t not_followed_ = 0;
};

}  // namespace surefoot::tools
