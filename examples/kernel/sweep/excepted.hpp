// SPDX-License-Identifier: MIT
//
// Where docs/hazards.md excepts a trampoline from being exact: what then has to be the case, and by which evidence the
// walk has to say so.
#pragma once

#include "surefoot/evidence.hpp"
#include "sweep/truth.hpp"

namespace sweep {

struct Excepted {
  const char* hazard;
  bool (*holds)(const Truth& truth) noexcept;
  surefoot::EvidenceBit because;
};

inline constexpr Excepted excepted_places[] = {
    // A tracer that redirects the function by the saved pc alone.
    {"F2", [](const Truth& truth) noexcept { return truth.has_redirect_by_pc_only(); },
     surefoot::EvidenceBit::saved_pc_differs},
};

}  // namespace sweep
