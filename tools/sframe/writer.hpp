// SPDX-License-Identifier: MIT
//
// Writes a frame table: an SFrame version 3 section [sframe].
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "sframe/row.hpp"

namespace surefoot::tools {

struct SframeStatistics {
  std::size_t functions = 0;
  std::size_t rows = 0;
  std::size_t shared_descriptions = 0;  ///< functions whose description another one's bytes tell as well
};

/// Where the index is in what write_sframe() writes. Its entries begin with the distance from there to the function.
inline constexpr std::size_t sframe_index_at = 28;
inline constexpr std::size_t sframe_index_stride = 16;

struct SframeSection {
  std::vector<std::byte> bytes;
  SframeStatistics statistics;
};

/// Writes a section of one function after the other.
class SframeWriter {
 public:
  explicit SframeWriter(std::uint64_t address);
  SframeWriter(SframeWriter&&) noexcept;
  ~SframeWriter();
  void add(const FunctionRows& function);
  [[nodiscard]] std::expected<SframeSection, std::string> finish();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The section for functions by rising start, none overlapping, to lie at `address`. A function is split into several
/// entries where instructions in its middle have no rule; one without any has none. Identical descriptions are stored
/// once. An error if something does not fit the format.
[[nodiscard]] std::expected<SframeSection, std::string> write_sframe(const std::vector<FunctionRows>& functions,
                                                                     std::uint64_t address);

}  // namespace surefoot::tools
