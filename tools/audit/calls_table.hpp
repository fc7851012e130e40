// SPDX-License-Identifier: MIT
//
// The table of calls without a record that an image already has, against the calls that its instructions make.
#pragma once

#include "audit/checks.hpp"
#include "rules/calls.hpp"

namespace surefoot::tools {

class CallsTableCheck {
 public:
  /// Finds the table as a kernel does: between its symbols; else by its section.
  CallsTableCheck(const RuleDerivation& derivation, Findings& findings);

  /// The table, which knows nothing if the image has none, or one that is refused.
  [[nodiscard]] const SpecialTable& table() const { return table_; }
  /// Notes the calls of one function.
  void check(const FunctionRules& derived) { calls_.add(derived); }
  /// After all functions. An empty table is no finding of its own: each call that it should have is one.
  void finish(Findings& findings);

 private:
  const Image& image_;
  SpecialTable table_;
  CallsWithoutRecord calls_;
};

}  // namespace surefoot::tools
