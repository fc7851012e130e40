// SPDX-License-Identifier: MIT
//
// What every fuzzer says when something does not hold.
#pragma once

#include <cstdlib>
#include <iostream>

namespace surefoot::testing {

/// Ends the program if it is not so: libFuzzer then keeps the input.
inline void require(bool is_so, const char* what) {
  if (is_so) return;
  std::cerr << "does not hold: " << what << '\n';
  std::abort();
}

}  // namespace surefoot::testing
