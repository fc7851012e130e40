// SPDX-License-Identifier: MIT
//
// How often a test draws random input.
#pragma once

namespace surefoot::testing {

/// An eighth where the program is emulated, which takes twenty times as long: what can differ there is the compiler and
/// the architecture, and the first of the same seeds show that. SurefootTesting.cmake says where.
template <typename T>
consteval T rounds(T natively) {
#ifdef SUREFOOT_TEST_IS_EMULATED
  return natively / 8;
#else
  return natively;
#endif
}

}  // namespace surefoot::testing
