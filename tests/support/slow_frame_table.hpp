// SPDX-License-Identifier: MIT
//
// A second reader of frame tables, for the first to be compared with. It reads a section byte by byte into functions
// and rows, searches by loops, and shares no code with the library but its vocabulary.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <vector>

#include "surefoot/frame_table.hpp"

namespace surefoot::testing {

class SlowFrameTable {
 public:
  /// What FrameTable::make() should say.
  [[nodiscard]] static std::expected<SlowFrameTable, FrameTableFault> from_section(std::span<const std::byte> section,
                                                                                   std::uint64_t address);
  /// What FrameTable::find() should say.
  [[nodiscard]] Rule find(std::uint64_t pc) const;

  struct Row {
    std::uint64_t start;
    Rule rule;
  };
  struct Function {
    std::uint64_t start = 0;
    std::uint64_t size = 0;
    std::uint64_t block_size = 0;          ///< 0 if its rows are for the whole of it
    std::optional<std::vector<Row>> rows;  ///< nothing: a part of it is corrupt
  };
  [[nodiscard]] const std::vector<Function>& functions() const { return functions_; }

 private:
  std::vector<Function> functions_;
};

}  // namespace surefoot::testing
