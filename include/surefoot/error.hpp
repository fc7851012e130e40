// SPDX-License-Identifier: MIT
//
// The one shape of an error: why something was refused, and which piece of it is wrong.
#pragma once

#include <cstddef>

namespace surefoot {

/// Why a table or a description was refused. `C` is an enumeration whose enumerators are also their names in logs
/// (to_string).
template <typename C>
struct Error {
  using Code = C;

  Code code;
  /// The first piece that is wrong: the index of an entry, a stack, a region; 0 where there is only one piece.
  std::size_t index = 0;

  friend constexpr bool operator==(const Error&, const Error&) = default;
};

}  // namespace surefoot
