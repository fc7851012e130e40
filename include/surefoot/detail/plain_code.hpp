// SPDX-License-Identifier: MIT
//
// Code of which nothing is special: most of a kernel. It is what the walk compares with first.
#pragma once

#include <bit>
#include <cstdint>

#include "surefoot/address.hpp"

namespace surefoot::detail {

/// Return addresses that need not be looked up.
class PlainCode {
 public:
  constexpr PlainCode() = default;
  /// Requires [start, end), if it is not empty, to be text, in no special range, and to hold no hook. Of one that is in
  /// both halves of the address space nothing is taken, of more than 16 GiB a part.
  constexpr PlainCode(std::uint64_t start, std::uint64_t end) noexcept
      : start_((start + 2 * instruction_size - 1) & ~(instruction_size - 1)),
        // Where the first return address would be beyond the top, start_ has wrapped round, to below `end` perhaps.
        words_(end > start && end > start_ && !is_in_both_halves(start_, end)
                   ? static_cast<std::uint32_t>((end - start_) / instruction_size)
                   : 0) {}

  /// An address in the half of the address space that all of the code is in.
  [[nodiscard]] constexpr std::uint64_t start() const noexcept { return start_; }

  /// True if `return_address` is a multiple of 4, `fp` one of 8, and the return address and the call before it are in
  /// the code. One comparison: the remainders are moved to the top, where they make a large number.
  [[nodiscard, gnu::always_inline]] constexpr bool contains(std::uint64_t return_address,
                                                            std::uint64_t fp) const noexcept {
    return (std::rotr(return_address - start_, 2) | fp << 61) < words_;
  }

 private:
  // Bit 55 tells the halves apart [arm-arm D8.10.3].
  static constexpr bool is_in_both_halves(std::uint64_t start, std::uint64_t end) noexcept {
    return ((start ^ (end - 1)) >> 55) != 0;
  }

  std::uint64_t start_ = 0;
  std::uint32_t words_ = 0;
};

}  // namespace surefoot::detail
