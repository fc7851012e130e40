// SPDX-License-Identifier: MIT
//
// The description of a kernel, from C.
#include "kernel.hpp"

#include "same_values.hpp"
#include "surefoot/c/kernel.h"
#include "view.hpp"

using namespace surefoot;
using detail::is_made;
using detail::store;
using detail::view_as;

SUREFOOT_SAME_BYTES(surefoot_kernel, Kernel);
SUREFOOT_SAME_BYTES(surefoot_witnesses, Witnesses);
SUREFOOT_SAME_LAYOUT(surefoot_exception_layout, ExceptionLayout);
SUREFOOT_SAME_MEMBER(surefoot_exception_layout, size, ExceptionLayout, size);
SUREFOOT_SAME_MEMBER(surefoot_exception_layout, pc, ExceptionLayout, pc);
SUREFOOT_SAME_MEMBER(surefoot_exception_layout, pstate, ExceptionLayout, pstate);
SUREFOOT_SAME_MEMBER(surefoot_exception_layout, sp, ExceptionLayout, sp);
SUREFOOT_SAME_MEMBER(surefoot_exception_layout, fp, ExceptionLayout, fp);
SUREFOOT_SAME_MEMBER(surefoot_exception_layout, lr, ExceptionLayout, lr);
SUREFOOT_SAME_MEMBER(surefoot_exception_layout, x9, ExceptionLayout, x9);
SUREFOOT_SAME_MEMBER(surefoot_exception_layout, record, ExceptionLayout, record);
SUREFOOT_SAME_MEMBER(surefoot_exception_layout, typing, ExceptionLayout, typing);
SUREFOOT_SAME_MEMBER(surefoot_exception_layout, final_type, ExceptionLayout, final_type);
SUREFOOT_SAME_MEMBER(surefoot_exception_layout, exception_type, ExceptionLayout, exception_type);
static_assert(surefoot_absent == ExceptionLayout::absent);

bool surefoot_make_kernel(const surefoot_kernel_description* description, surefoot_kernel* out, surefoot_error* error) {
  return store(Kernel::make(detail::unpack(*description)), out, error);
}

bool surefoot_publish(surefoot_kernel* kernel, const surefoot_code_map* code) {
  auto* const published = view_as<Kernel>(kernel);
  const auto* const map = view_as<const CodeMap>(code);
  if (!is_made(*published) || !is_made(*map)) return false;
  published->publish(*map);
  return true;
}

std::uint64_t surefoot_pac_mask_for(unsigned address_bits) {
  return PointerAuthMask::for_address_bits(address_bits).bits();
}
std::uint64_t surefoot_tag_mask_for_top_byte() { return AddressTagMask::for_top_byte().bits(); }
