// SPDX-License-Identifier: MIT
//
// Executes call frame instructions [dwarf5 §6.4.2]. elfutils has an executor too, but of version 0.188 takes the
// instruction of signed return addresses for SPARC's, which has the same number.
#pragma once

#include <optional>
#include <vector>

#include "cfi/cfi.hpp"
#include "elf/frame_entries.hpp"

namespace surefoot::tools {

/// What holds at one place of the code.
struct CfiRules {
  bool has_cfa = false;
  unsigned cfa_register = sp_number;
  std::int64_t cfa_offset = 0;
  CfiPlace ra;
  CfiPlace fp;
  bool is_signed = false;
};

/// The rules that a CIE's instructions give, with which its FDEs begin; none if they are faulty.
[[nodiscard]] std::optional<CfiRules> initial_rules(const CommonFrameEntry& common);

/// An FDE's rows, from its start to its end without a gap; none if one of its instructions is faulty.
[[nodiscard]] std::optional<std::vector<CfiRow>> make_rows(const FrameEntry& entry, const CommonFrameEntry& common,
                                                           const CfiRules& initial);

}  // namespace surefoot::tools
