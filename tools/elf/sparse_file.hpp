// SPDX-License-Identifier: MIT
//
// A file in memory without the parts that nobody looks at: debug information is most of a kernel with symbols.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <expected>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace surefoot::tools {

/// The bytes of an ELF file at their offsets. What DWARF sections other than .debug_frame hold reads as zeros, and
/// takes no memory. A copy: a mapped file could be cut by others while it is looked at.
class SparseFile {
 public:
  /// An error, one line, if the file cannot be read. What is not ELF is read in whole, for others to refuse.
  [[nodiscard]] static std::expected<SparseFile, std::string> read(const std::filesystem::path& path);
  [[nodiscard]] std::span<const std::byte> bytes() const { return {bytes_.get(), size_}; }

 private:
  struct Free {
    void operator()(std::byte* bytes) const { std::free(bytes); }
  };
  SparseFile(std::byte* bytes, std::size_t size) : bytes_(bytes), size_(size) {}

  std::unique_ptr<std::byte[], Free> bytes_;  // from calloc: pages that nobody writes to are not there
  std::size_t size_;
};

}  // namespace surefoot::tools
