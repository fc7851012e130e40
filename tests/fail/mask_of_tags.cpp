// SPDX-License-Identifier: MIT
//
// The mask of pointer authentication in the place of the mask of address tags: what it removes is not the same.
#include "surefoot/surefoot.hpp"

void set_mask(surefoot::KernelDescription& description) {
#if defined(SUREFOOT_TEST_IS_RIGHT)
  description.tags = surefoot::AddressTagMask::for_top_byte();
#else
  description.tags = surefoot::PointerAuthMask::for_address_bits(56);
#endif
}
