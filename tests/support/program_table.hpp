// SPDX-License-Identifier: MIT
//
// Frame tables for the fake program of code_map.hpp.
#pragma once

#include <vector>

#include "support/frame_table_section.hpp"
#include "support/random_source.hpp"
#include "support/slow_frame_table.hpp"
#include "surefoot/frame_table.hpp"

namespace surefoot::testing {

/// A table with its section, and what the slow reader makes of that. Not copied: the table refers to the section.
class ProgramTable {
 public:
  explicit ProgramTable(const std::vector<SectionFunction>& functions);
  ProgramTable(const ProgramTable&) = delete;
  ProgramTable& operator=(const ProgramTable&) = delete;

  [[nodiscard]] const FrameTable& table() const { return table_; }
  [[nodiscard]] const SlowFrameTable& slow() const { return slow_; }

 private:
  SectionBytes section_;
  FrameTable table_;
  SlowFrameTable slow_;
};

/// A table whose rows fit sometimes: one of a few dozen, since a world needs one and making it takes long.
[[nodiscard]] const ProgramTable& random_program_table(RandomSource& random);

/// What the functions of a true chain do with their caller's registers, and what true_program_table() says of them.
enum class FrameShape {
  record,      ///< x29 points to its record
  new_record,  ///< sp points to its record, and x29 is still the caller's
  leaf,        ///< the caller's are in x30 and x29; sp as at its entry
  saved_pc,    ///< the return address is where sp points to, x29 is the caller's
  unknown,     ///< it has a record, and is not in the table
};
inline constexpr unsigned frame_shape_count = 5;
[[nodiscard]] constexpr FrameShape shape_of(unsigned function) {
  return static_cast<FrameShape>(function % frame_shape_count);
}
[[nodiscard]] const ProgramTable& true_program_table();

}  // namespace surefoot::testing
