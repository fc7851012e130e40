// SPDX-License-Identifier: MIT
//
// Code of which nothing is special: most of a kernel. It is what a walk compares with first.
#pragma once

#include <bit>
#include <cstdint>

#include "surefoot/address.hpp"

namespace surefoot {

/// The return addresses of a plain interval of a code map: those that need not be looked up.
class PlainCode {
 public:
  /// None.
  constexpr PlainCode() = default;
  /// Of the interval [start, end), the one at `index`. The map has checked the bounds: they are multiples of 4, in one
  /// half of the address space, and less than 2^32 instructions apart. The address behind the last instruction may be a
  /// hook, and is left out.
  constexpr PlainCode(std::uint64_t start, std::uint64_t end, std::uint32_t index) noexcept
      : start_(start + instruction_size),
        words_(static_cast<std::uint32_t>((end - start_) / instruction_size)),
        index_(index) {}

  [[nodiscard]] constexpr std::uint64_t start() const noexcept { return start_; }
  [[nodiscard]] constexpr std::uint32_t index() const noexcept { return index_; }

  /// True if `return_address` is a multiple of 4, `fp` one of 8, and the return address and the call before it are in
  /// the code. One comparison: the remainders are moved to the top, where they make a large number.
  [[nodiscard, gnu::always_inline]] constexpr bool contains(std::uint64_t return_address,
                                                            std::uint64_t fp) const noexcept {
    return (std::rotr(return_address - start_, 2) | fp << 61) < words_;
  }

 private:
  std::uint64_t start_ = 0;
  std::uint32_t words_ = 0;
  std::uint32_t index_ = 0;
};

}  // namespace surefoot
