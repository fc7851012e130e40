// SPDX-License-Identifier: MIT
//
// CFI that is not meant for every instruction: some compilers, unless asked for more, describe a function as it is at
// its calls, which is enough for exceptions that are thrown there.
#pragma once

#include "cfi/cfi.hpp"
#include "elf/image.hpp"
#include "flow/states.hpp"

namespace surefoot::tools {

/// True if the machine itself refutes the function's CFI, in one of two ways: code that runs on from the entry moves
/// sp, and CFI has the CFA where it was; or a ret goes to x30, and CFI has the return address elsewhere. What such CFI
/// says of an instruction that is no call proves nothing.
[[nodiscard]] bool is_synchronous(const Image& image, const Cfi& cfi, const Function& function,
                                  const FunctionStates& found);

}  // namespace surefoot::tools
