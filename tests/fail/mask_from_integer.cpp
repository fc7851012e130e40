// SPDX-License-Identifier: MIT
//
// The number of address bits where a mask is wanted: 48 is not a mask for 48 bits.
#include "surefoot/surefoot.hpp"

void set_mask(surefoot::KernelDescription& description) {
#if defined(SUREFOOT_TEST_IS_RIGHT)
  description.pac = surefoot::PointerAuthMask::for_address_bits(48);
#else
  description.pac = 48;
#endif
}
