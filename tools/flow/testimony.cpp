// SPDX-License-Identifier: MIT
#include "flow/testimony.hpp"

namespace surefoot::tools {

const char* to_string(Comparison comparison) {
  switch (comparison) {
    case Comparison::agree: return "agree";
    case Comparison::derived_only: return "derived_only";
    case Comparison::cfi_only: return "cfi_only";
    case Comparison::differ: return "differ";
    case Comparison::cfi_below_sp: return "cfi_below_sp";
    case Comparison::neither: return "neither";
    case Comparison::cfi_synchronous: return "cfi_synchronous";
    case Comparison::cfi_base_restored: return "cfi_base_restored";
    case Comparison::cfi_early: return "cfi_early";
  }
  return "";
}

}  // namespace surefoot::tools
