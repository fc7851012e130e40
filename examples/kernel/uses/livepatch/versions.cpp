// SPDX-License-Identifier: MIT
//
// The functions that replace those of the image, as a module would bring them: without patch sites. They call inner by
// its one name, and so the version that their task uses.
#include "uses/livepatch/functions.hpp"
#include "uses/livepatch/outer_body.hpp"

namespace livepatch {

LIVEPATCH_FUNCTION void outer_1(Worker& worker) noexcept { detail::outer_body(worker, 1); }
LIVEPATCH_FUNCTION void inner_1(Worker& worker, std::uint64_t argument) noexcept {
  detail::inner_body(worker, argument, 1);
}
LIVEPATCH_FUNCTION void outer_2(Worker& worker) noexcept { detail::outer_body(worker, 2); }
LIVEPATCH_FUNCTION void inner_2(Worker& worker, std::uint64_t argument) noexcept {
  detail::inner_body(worker, argument, 2);
}

}  // namespace livepatch
