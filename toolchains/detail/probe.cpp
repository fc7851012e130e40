// SPDX-License-Identifier: MIT
//
// Compiled by a compiler that is about to be chosen: all of the standard library that Surefoot uses.
#include <array>
#include <bit>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <limits>
#include <new>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

constexpr std::array<std::uint64_t, 2> words = {1, 2};
constexpr std::expected<std::span<const std::uint64_t>, int> checked = std::span(words);
static_assert(checked && checked->size() == 2);
