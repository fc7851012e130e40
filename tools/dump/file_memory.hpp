// SPDX-License-Identifier: MIT
//
// Memory that lies in a file as it is: ELF cores and raw images.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "dump/dump_file.hpp"
#include "dump/physical_memory.hpp"

namespace surefoot::tools {

/// A stretch of memory and where in the file it is.
struct FilePart {
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;
  [[nodiscard]] std::uint64_t end() const { return address + size; }
};

class FileMemory final : public PhysicalMemory {
 public:
  /// The parts are in any order and may overlap: of several parts with one address, that with the lowest start counts.
  /// None may end beyond physical_end.
  FileMemory(DumpFile file, std::vector<FilePart> parts);

  [[nodiscard]] PageState read(std::uint64_t address, std::span<std::byte> into) override;
  [[nodiscard]] const std::vector<AddressRange>& ranges() const override { return ranges_; }
  /// The sum over all ranges.
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  DumpFile file_;
  std::vector<FilePart> parts_;  // ascending and apart
  std::vector<AddressRange> ranges_;
  std::uint64_t size_ = 0;
};

}  // namespace surefoot::tools
