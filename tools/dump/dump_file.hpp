// SPDX-License-Identifier: MIT
//
// An open file and its size. It is read, not mapped: a mapped file could be cut by others while it is looked at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <utility>

namespace surefoot::tools {

class DumpFile {
 public:
  /// An error, one line, if there is no such regular file, or if it cannot be read.
  [[nodiscard]] static std::expected<DumpFile, std::string> open(const std::string& path);
  /// Of an open file with so many bytes; closes it in the end.
  [[nodiscard]] static DumpFile adopt(int descriptor, std::uint64_t size) { return {descriptor, size}; }
  DumpFile(DumpFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}
  DumpFile& operator=(DumpFile&&) = delete;
  ~DumpFile();

  [[nodiscard]] int descriptor() const { return descriptor_; }
  /// Gives the descriptor away.
  [[nodiscard]] int release() { return std::exchange(descriptor_, -1); }
  /// When it was opened.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// True if all of it was read.
  [[nodiscard]] bool read(std::uint64_t offset, std::span<std::byte> into) const;

 private:
  DumpFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}

  int descriptor_;
  std::uint64_t size_;
};

}  // namespace surefoot::tools
