// SPDX-License-Identifier: MIT
//
// The lines of a log that are records of a profile. Whatever stands between them, or in front of them in their lines,
// is passed over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace surefoot::tools {

struct LogRecords {
  std::vector<std::vector<std::byte>> records;
  std::uint64_t damaged_lines = 0;  ///< those with the word whose check disagrees
};

[[nodiscard]] LogRecords find_log_records(std::string_view log);

}  // namespace surefoot::tools
