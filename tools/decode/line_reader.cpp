// SPDX-License-Identifier: MIT
#include "decode/line_reader.hpp"

#include <algorithm>

namespace surefoot::tools {

void LineReader::put(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const bool has_end = end != std::string_view::npos;
    const std::size_t size = has_end ? end + 1 : bytes.size();
    // Never more than max_bytes are kept; what is more makes the line a long one.
    const std::size_t count = std::min(size, max_bytes - kept_.size());
    const bool is_complete = has_end && count == size;
    const std::string_view piece = bytes.substr(0, count);
    bytes.remove_prefix(count);
    if (is_complete && kept_.empty()) {
      take_({.bytes = piece, .is_whole = !is_in_long_line_});
    } else {
      kept_ += piece;
      if (!is_complete && kept_.size() < max_bytes) continue;
      is_in_long_line_ |= !is_complete;
      take_({.bytes = kept_, .is_whole = !is_in_long_line_});
      kept_.clear();
    }
    if (is_complete) is_in_long_line_ = false;
  }
}

void LineReader::finish() {
  if (!kept_.empty()) take_({.bytes = kept_, .is_whole = !is_in_long_line_});
  kept_.clear();
  is_in_long_line_ = false;
}

}  // namespace surefoot::tools
