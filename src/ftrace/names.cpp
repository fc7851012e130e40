// SPDX-License-Identifier: MIT
//
// The names of what can go wrong. Linked only where a name is asked for.
#include "surefoot/ftrace/patch_site.hpp"

namespace surefoot::ftrace {

const char* to_string(PatchError error) noexcept {
  switch (error) {  // No default: -Wswitch names the enumerator that was forgotten.
    case PatchError::not_a_patch_site: return "not_a_patch_site";
    case PatchError::out_of_range: return "out_of_range";
    case PatchError::not_writable: return "not_writable";
    case PatchError::not_initialized: return "not_initialized";
    case PatchError::not_prepared: return "not_prepared";
    case PatchError::already_registered: return "already_registered";
    case PatchError::not_registered: return "not_registered";
  }
  return "unknown";
}

}  // namespace surefoot::ftrace
