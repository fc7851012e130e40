// SPDX-License-Identifier: MIT
//
// The frame table that an image already has, against what its instructions do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "audit/checks.hpp"
#include "surefoot/frame_table.hpp"

namespace surefoot::tools {

class FrameTableCheck {
 public:
  /// Finds the table as a kernel does: between the symbols of FrameTable::linked(); else by its section.
  FrameTableCheck(const Image& image, Findings& findings);

  /// 0: the image has none.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  /// Compares one function's rules.
  void check(const FunctionRules& derived, Findings& findings);
  /// After all functions.
  void finish(Findings& findings) const;

 private:
  const Image& image_;
  std::uint64_t address_ = 0;
  std::uint64_t bytes_ = 0;
  std::optional<FrameTable> table_;
  std::size_t missing_ = 0;  // instructions with a rule, of which the table knows none
  std::size_t first_missing_at_ = 0;
};

}  // namespace surefoot::tools
