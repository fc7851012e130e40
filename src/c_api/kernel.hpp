// SPDX-License-Identifier: MIT
//
// Kernels and code maps that were made, told from zeros; and the description of a kernel as C++ has it.
#pragma once

#include "surefoot/c/kernel.h"
#include "surefoot/kernel.hpp"
#include "view.hpp"

namespace surefoot::detail {

[[nodiscard]] inline bool is_made(const CodeMap& code) noexcept { return code.intervals().data() != nullptr; }

/// A made kernel has an exception frame of some size. Says nothing of its code map.
[[nodiscard]] inline bool is_made(const Kernel& kernel) noexcept { return kernel.exception().size != 0; }

/// A code map of zeros is none.
[[nodiscard]] inline KernelDescription unpack(const surefoot_kernel_description& description) noexcept {
  const auto* const code = view_as<const CodeMap>(description.code);
  const auto* const exception = view_as<const ExceptionLayout>(description.exception);
  return {.code = code != nullptr && is_made(*code) ? code : nullptr,
          .pac = PointerAuthMask(description.pac_mask),
          .tags = AddressTagMask(description.tag_mask),
          .exception = exception != nullptr ? *exception : ExceptionLayout(),
          .witnesses = *view_as<const Witnesses>(&description.witnesses),
          .policy = as_policy(description.policy)};
}

}  // namespace surefoot::detail
