// SPDX-License-Identifier: MIT
//
// C objects seen as the C++ ones of the same layout, and the other way round.
#pragma once

#include <cstdint>
#include <expected>

#include "surefoot/c/error.h"
#include "surefoot/error.hpp"
#include "surefoot/verdict.hpp"

namespace surefoot::detail {

/// What was stored through the types of one language is in memory before it is read through those of the other:
/// link-time optimisation across the languages must not tell the two apart.
[[gnu::always_inline]] inline void change_language() noexcept { asm volatile("" : : : "memory"); }

/// A C object, where it lies. Requires that the layouts were proved equal (same_values.hpp).
template <typename To, typename From>
[[nodiscard, gnu::always_inline]] inline To* view_as(From* object) noexcept {
  static_assert(sizeof(To) == sizeof(From) && alignof(To) == alignof(From));
  // SAFETY: the layouts are equal, and all that was stored is in memory.
  asm volatile("" : "+r"(object) : : "memory");
  return reinterpret_cast<To*>(object);
}

/// The C value of a C++ one.
template <typename To, typename From>
[[nodiscard]] inline To pack(const From& value) noexcept {
  static_assert(sizeof(To) == sizeof(From));
  To packed;
  __builtin_memcpy(static_cast<void*>(&packed), &value, sizeof packed);
  return packed;
}

/// Stores what was made, or zeros and the reason.
template <typename To, typename From, typename Fault>
inline bool store(const std::expected<From, Error<Fault>>& made, To* out, surefoot_error* error) noexcept {
  if (made) {
    *out = pack<To>(*made);
  } else {
    *out = {};
    if (error != nullptr) *error = {static_cast<std::uint32_t>(made.error().code), made.error().index};
  }
  return made.has_value();
}

/// The name of the enumerator with the number `value`, which is none if it is not below `count`.
template <typename Enumeration>
[[nodiscard]] inline const char* name_of(std::uint32_t value, std::uint32_t count) noexcept {
  return value < count ? to_string(static_cast<Enumeration>(value)) : "unknown";
}

/// The policy with the number `value`: the stricter one if there is none.
[[nodiscard]] constexpr Policy as_policy(std::uint8_t value) noexcept {
  return value == static_cast<std::uint8_t>(Policy::exact) ? Policy::exact : Policy::strict;
}

}  // namespace surefoot::detail
