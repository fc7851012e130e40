// SPDX-License-Identifier: MIT
//
// The number of address bits where a mask is wanted: 48 is not a mask for 48 bits.
#include "surefoot/surefoot.hpp"

surefoot::Context make_context() {
  surefoot::Context context;
#if defined(SUREFOOT_TEST_IS_RIGHT)
  context.pac = surefoot::PointerAuthMask::for_address_bits(48);
#else
  context.pac = 48;
#endif
  return context;
}
