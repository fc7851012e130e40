// SPDX-License-Identifier: MIT
//
// Patches with their tracers, from C. Refers to surefoot::livepatch and surefoot::ftrace; AArch64 only.
#include "livepatch.hpp"
#include "surefoot/livepatch/runtime.hpp"

using namespace surefoot;
using detail::patch_in;
using detail::patches_in;
using detail::tell;

namespace {

bool tell_result(const std::expected<void, livepatch::RuntimeError>& done, surefoot_error* error,
                 std::uint32_t* tracing) noexcept {
  detail::change_language();
  if (done) return true;
  if (tracing != nullptr) *tracing = static_cast<std::uint32_t>(done.error().tracing);
  return tell(done.error().refused, error);
}

}  // namespace

bool surefoot_livepatch_enable(surefoot_livepatch_patches* patches, surefoot_livepatch_patch* patch,
                               surefoot_error* error, std::uint32_t* tracing) {
  return tell_result(livepatch::enable(patches_in(patches), patch_in(patch)), error, tracing);
}

bool surefoot_livepatch_release(surefoot_livepatch_patches* patches, surefoot_livepatch_patch* patch,
                                surefoot_error* error, std::uint32_t* tracing) {
  return tell_result(livepatch::release(patches_in(patches), patch_in(patch)), error, tracing);
}
