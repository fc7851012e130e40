// SPDX-License-Identifier: MIT
//
// What DWARF says of an address: file, line, and the functions that were inlined there. By elfutils, from the image's
// own sections or a separate file of debug information that belongs to it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "elf/image.hpp"

namespace surefoot::tools {

/// One function at an address: the real one, or one that was inlined into the next.
struct CodePlace {
  std::string function;  ///< as DWARF or the symbol names it, in C++; empty if neither does
  std::string file;      ///< empty if it is not known
  unsigned line = 0;     ///< 0 if it is not known
  unsigned column = 0;   ///< 0 if it is not known
  bool is_inlined = false;
  friend bool operator==(const CodePlace&, const CodePlace&) = default;
};

class DebugInfo {
 public:
  /// Of a file that `image` was opened from. Without debug information, or without a path, every answer is empty.
  DebugInfo(const std::filesystem::path& path, const Image& image);
  ~DebugInfo();
  DebugInfo(DebugInfo&&) noexcept;
  DebugInfo& operator=(DebugInfo&&) noexcept;

  /// The functions at an address of the image, the innermost first; the last one is no inlined one. Empty if DWARF does
  /// not know the address. The real function has no name where DWARF has only lines, as of assembly. Valid until the
  /// next call.
  [[nodiscard]] const std::vector<CodePlace>& find(std::uint64_t address);

 private:
  class Contents;
  std::unique_ptr<Contents> contents_;
};

}  // namespace surefoot::tools
