// SPDX-License-Identifier: MIT
//
// Parts a stream of bytes into lines, in bounded memory however long a line is.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace surefoot::tools {

/// A line, or a piece of one that is longer than LineReader::max_bytes.
struct RawLine {
  std::string_view bytes;  ///< all of them: the end of the line as well, if it has one. Valid during the call
  bool is_whole = false;   ///< false of each piece of a line that is too long to be looked at
};

class LineReader {
 public:
  /// A kernel's own buffer for a line holds 1 to 2 KiB.
  static constexpr std::size_t max_bytes = std::size_t{8} << 10;
  using Take = std::function<void(const RawLine&)>;

  explicit LineReader(Take take) : take_(std::move(take)) {}
  /// The next bytes. Lines that end in them are handed on at once. The bytes of all lines that are handed on are, one
  /// after the other, those that were put in.
  void put(std::string_view bytes);
  /// The last line, if it has no end.
  void finish();

 private:
  Take take_;
  std::string kept_;  // the beginning of the present line
  bool is_in_long_line_ = false;
};

}  // namespace surefoot::tools
