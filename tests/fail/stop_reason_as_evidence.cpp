// SPDX-License-Identifier: MIT
//
// A stop reason where evidence is wanted: both are enumerations, and they must not be mixed up.
#include "surefoot/surefoot.hpp"

bool has(const surefoot::Verdict& verdict) {
#if defined(SUREFOOT_TEST_IS_RIGHT)
  return verdict.evidence.has(surefoot::EvidenceBit::not_text);
#else
  return verdict.evidence.has(surefoot::StopReason::off_stack);
#endif
}
