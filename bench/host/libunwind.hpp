// SPDX-License-Identifier: MIT
//
// nongnu libunwind, loaded by name. Debian's development package of it cannot be installed beside that of LLVM's C++
// library, which the rest of the project needs. Nor is it linked for another reason: it defines backtrace() too, and
// would be measured in place of glibc.
#pragma once

#include <string>

namespace surefoot::bench {

/// unw_backtrace(3): the callers, the nearest first, into a buffer of this size; how many.
using LibunwindBacktrace = int (*)(void** buffer, int size);

struct LoadedLibunwind {
  LibunwindBacktrace backtrace;
  std::string version;  ///< of its shared object
};

/// Loads it the first time. Ends the program if it is not there.
[[nodiscard]] const LoadedLibunwind& load_libunwind();

}  // namespace surefoot::bench
