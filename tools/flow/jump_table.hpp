// SPDX-License-Identifier: MIT
//
// Jump tables of switch statements, as GCC and clang make them for AArch64: entries of 1, 2 or 4 bytes, scaled and
// added to an anchor, or addresses of 8 bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "elf/image.hpp"

namespace surefoot::tools {

struct JumpTable {
  std::uint64_t address = 0;
  std::uint8_t entry_bytes = 0;
  bool is_signed = false;
  std::int64_t last_index = -1;  ///< -1: not known
  std::uint64_t anchor = 0;      ///< with addresses of 8 bytes: 0
  std::uint8_t shift = 0;
  friend bool operator==(const JumpTable&, const JumpTable&) = default;
};

/// The tables met while a function is followed. A value refers to one by its number; equal tables have one number.
class JumpTables {
 public:
  [[nodiscard]] std::int64_t number_of(const JumpTable& table);
  [[nodiscard]] const JumpTable& operator[](std::int64_t number) const {
    return tables_[static_cast<std::size_t>(number)];
  }
  void clear() { tables_.clear(); }

 private:
  std::vector<JumpTable> tables_;
};

/// The address that an entry stands for; empty if the table is not wholly in memory that a program cannot write.
[[nodiscard]] std::optional<std::uint64_t> target_of(const JumpTable& table, std::int64_t index, const Image& image);

}  // namespace surefoot::tools
