// SPDX-License-Identifier: MIT
//
// Where docs/hazards.md excepts a walk from being exact: what then has to be the case, and by which evidence the walk
// has to say so.
#pragma once

#include <array>
#include <cstddef>

#include "surefoot/evidence.hpp"
#include "sweep/truth.hpp"

namespace sweep {

struct Excepted {
  const char* hazard;
  const char* why;
  bool (*holds)(const Truth& truth) noexcept;
  surefoot::EvidenceBit because;
};

inline constexpr Excepted excepted_places[] = {
    {"F2", "a tracer that redirects a function by the saved pc alone",
     [](const Truth& truth) noexcept { return truth.has_redirect_by_pc_only(); },
     surefoot::EvidenceBit::saved_pc_differs},
    {"F2", "a tracer between its two stores that redirect a function",
     [](const Truth& truth) noexcept { return truth.has_undecided_redirect(); },
     surefoot::EvidenceBit::saved_pc_differs},
};

inline constexpr std::size_t excepted_count = std::size(excepted_places);

}  // namespace sweep
