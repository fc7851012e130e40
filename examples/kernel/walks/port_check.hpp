// SPDX-License-Identifier: MIT
//
// The check at boot: whether what this kernel says of itself fits what it is.
#pragma once

#include "surefoot/kernel.hpp"

namespace kernel::walks {

/// Checks the port of this CPU with the tasks that exist, and prints what is found. False if a verdict could be wrong
/// for it, or if something could not be looked at. From tasks, before there is a second region.
[[nodiscard]] bool is_port_good(const surefoot::KernelDescription& description, const surefoot::Region& image) noexcept;

}  // namespace kernel::walks
