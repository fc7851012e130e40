// SPDX-License-Identifier: MIT
//
// One function that a patch replaces by another.
#pragma once

#include <cstdint>
#include <span>

#include "surefoot/address.hpp"

namespace surefoot::livepatch {

/// The code of a function and of the one that runs in its place. Refers to the patch's storage.
///
/// The compiler may have copied a function into its callers. A copy is not replaced, and a trace does not show it: the
/// patch then replaces those callers as well.
struct Replacement {
  /// The function as the image has it. Starts at its entry point, which has a patch site (ftrace/patch_site.hpp).
  AddressRange old_code;
  /// A function of the same type. Starts at its entry point.
  AddressRange new_code;
  /// What the compiler has put elsewhere, such as old.cold and outlined parts that belong to this function alone.
  std::span<const AddressRange> old_parts{};
  std::span<const AddressRange> new_parts{};

  [[nodiscard]] constexpr bool is_in_old(std::uint64_t address) const noexcept {
    return is_in(old_code, old_parts, address);
  }
  [[nodiscard]] constexpr bool is_in_new(std::uint64_t address) const noexcept {
    return is_in(new_code, new_parts, address);
  }

 private:
  [[nodiscard]] static constexpr bool is_in(const AddressRange& code, std::span<const AddressRange> parts,
                                            std::uint64_t address) noexcept {
    for (const AddressRange& part : parts) {
      if (part.contains(address)) return true;
    }
    return code.contains(address);
  }
};

}  // namespace surefoot::livepatch
