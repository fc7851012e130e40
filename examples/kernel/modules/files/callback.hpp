// SPDX-License-Identifier: MIT
//
// How a module calls the kernel, whose functions it does not know: by an address that it is given.
#pragma once

#include <cstdint>

namespace kernel::modules {

using Callback = void (*)(std::uint64_t argument) noexcept;

}  // namespace kernel::modules
