// SPDX-License-Identifier: MIT
//
// The code of a dump's kernel as the walk's description of it: regions of the image and of modules, each with its
// tables at the addresses where it ran.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "linux/code_tables.hpp"
#include "linux/layouts.hpp"
#include "linux/special_code.hpp"
#include "surefoot/kernel.hpp"

namespace surefoot::tools {

/// Code in memory.
struct CodePart {
  AddressRange text;
  /// Its tables, made for addresses that are `slide` lower; null if they are not known: no walk through the code is
  /// reliable then. They must outlive the description.
  const PartTables* tables = nullptr;
  std::uint64_t slide = 0;
};

/// A checked description that owns what it refers to.
class KernelCode {
 public:
  /// The parts may come in any order. An error if they overlap, or if a table is refused.
  [[nodiscard]] static std::expected<std::unique_ptr<KernelCode>, std::string> make(std::vector<CodePart> parts,
                                                                                    const SpecialCode& special,
                                                                                    const ExceptionLayout& exception,
                                                                                    std::uint64_t pac_mask);

  [[nodiscard]] const Kernel& kernel() const { return kernel_; }

 private:
  KernelCode() = default;
  std::expected<void, std::string> set_outermost_apart(std::vector<CodePart>& parts, const SpecialCode& special);

  PartTables outermost_;  // of the calls by which chains begin
  std::vector<SpecialRange> special_;
  std::vector<SpecialRange> calls_;
  std::vector<Region> regions_;
  std::vector<Interval> intervals_;
  CodeMap map_;
  Kernel kernel_;
};

}  // namespace surefoot::tools
