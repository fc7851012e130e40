// SPDX-License-Identifier: MIT
//
// What every fuzzer says when something does not hold.
#pragma once

#include <cstdlib>
#include <iostream>
#include <source_location>

namespace surefoot::testing {

/// Ends the program if it is not so: libFuzzer then keeps the input.
inline void require(bool is_so, const char* what) {
  if (is_so) return;
  std::cerr << "does not hold: " << what << '\n';
  std::abort();
}

/// The same, told by its line.
inline void require(bool is_so, std::source_location where = std::source_location::current()) {
  if (is_so) return;
  std::cerr << "does not hold: " << where.file_name() << ':' << where.line() << '\n';
  std::abort();
}

}  // namespace surefoot::testing
