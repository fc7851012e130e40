// SPDX-License-Identifier: MIT
//
// How a walk reads memory. The walk checks an address before it reads; a reader may refuse all the same.
#pragma once

#include <concepts>
#include <cstdint>

namespace surefoot {

/// Reads the word at `address`, a multiple of 8, into `word`; false if it cannot be read. Copyable; a walk keeps a
/// copy.
template <typename R>
concept StackReader = std::copy_constructible<R> && requires(R& reader, std::uint64_t address, std::uint64_t& word) {
  { reader.read(address, word) } noexcept -> std::same_as<bool>;
};

/// Reads the memory of the running program.
struct LocalReader {
  // A stack is read word by word, across the red zones of its own objects: not for an address sanitizer to judge.
  [[nodiscard, gnu::no_sanitize_address]] bool read(std::uint64_t address, std::uint64_t& word) const noexcept {
    // SAFETY: the cursor has placed [address, address + 8) in a stack of the context, which the kernel has mapped, and
    // has checked that the address is a multiple of 8.
    word = *reinterpret_cast<const volatile std::uint64_t*>(address);
    return true;
  }
};
static_assert(StackReader<LocalReader>);

}  // namespace surefoot
