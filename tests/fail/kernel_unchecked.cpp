// SPDX-License-Identifier: MIT
//
// A kernel made of a description that nobody has checked.
#include "surefoot/surefoot.hpp"

surefoot::Kernel make_kernel(const surefoot::CodeMap& code) {
  const surefoot::KernelDescription description{.code = &code};
#if defined(SUREFOOT_TEST_IS_RIGHT)
  return surefoot::Kernel::make(description).value();
#else
  return surefoot::Kernel(description);
#endif
}
