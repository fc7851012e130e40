// SPDX-License-Identifier: MIT
#include "vmcore_report/safe_name.hpp"

#include <span>

#include "surefoot/print.hpp"

namespace surefoot::tools {

std::string safe_name(std::string_view name) {
  std::string safe;
  detail::Escaper escaper;
  std::span<const char> rest(name);
  for (auto piece = escaper.next(rest); !piece.empty(); piece = escaper.next(rest)) {
    safe.append(piece.begin(), piece.end());
  }
  return safe;
}

std::string quoted_name(std::string_view name) {
  std::string quoted = "\"";
  // A backslash is spelled before the escapes add theirs.
  while (!name.empty()) {
    const std::size_t plain = name.find_first_of("\\\"");
    quoted += safe_name(name.substr(0, plain));
    if (plain == std::string_view::npos) break;
    quoted += name[plain] == '"' ? "\\x22" : "\\x5c";
    name.remove_prefix(plain + 1);
  }
  return quoted + '"';
}

}  // namespace surefoot::tools
