// SPDX-License-Identifier: MIT
//
// How often a test draws random input.
#pragma once

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SUREFOOT_TEST_IS_SANITIZED 1
#endif
#endif

namespace surefoot::testing {

/// An eighth where the program is emulated, which takes twenty times as long: what can differ there is the compiler and
/// the architecture, and the first of the same seeds show that. SurefootTesting.cmake says where. Half where accesses
/// are sanitized, which takes ten times as long.
template <typename T>
consteval T rounds(T natively) {
#ifdef SUREFOOT_TEST_IS_EMULATED
  return natively / 8;
#elif defined(SUREFOOT_TEST_IS_SANITIZED)
  return natively / 2;
#else
  return natively;
#endif
}

}  // namespace surefoot::testing
