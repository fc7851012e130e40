// SPDX-License-Identifier: MIT
//
// A plain decoder of frame tables, as a second opinion: it follows the format's text step by step, knows neither the
// writer nor the library's reader, and throws std::runtime_error at whatever it does not expect of our writer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sframe/row.hpp"

namespace surefoot::tools::testing {

struct DecodedRow {
  std::uint64_t start = 0;
  Row row;
};

struct DecodedFunction {
  std::uint64_t start = 0;
  std::uint64_t size = 0;
  std::uint32_t data = 0;  ///< where its description begins in the row part
  std::vector<DecodedRow> rows;
};

struct DecodedTable {
  std::uint32_t header_rows = 0;
  std::vector<DecodedFunction> functions;
  /// The rule of the instruction.
  [[nodiscard]] std::optional<Row> find(std::uint64_t pc) const;
};

[[nodiscard]] DecodedTable decode_sframe(std::span<const std::byte> section, std::uint64_t address);

}  // namespace surefoot::tools::testing
