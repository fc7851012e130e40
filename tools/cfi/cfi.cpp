// SPDX-License-Identifier: MIT
//
// All rows in one list.
#include "cfi/cfi.hpp"

#include <algorithm>

#include "cfi/interpreter.hpp"
#include "elf/frame_entries.hpp"

namespace surefoot::tools {

Cfi::Cfi(const Image& image) {
  const FrameEntries& frames = image.frame_entries();
  // Once for each CIE, which any number of entries may share.
  std::vector<std::optional<CfiRules>> initial;
  initial.reserve(frames.common.size());
  for (const CommonFrameEntry& common : frames.common) initial.push_back(initial_rules(common));

  faulty_entries_ = frames.faulty;
  for (const FrameEntry& entry : frames.entries) {
    std::optional<std::vector<CfiRow>> rows;
    if (initial[entry.common]) rows = make_rows(entry, frames.common[entry.common], *initial[entry.common]);
    if (rows) {
      rows_.insert(rows_.end(), rows->begin(), rows->end());
    } else {
      ++faulty_entries_;
    }
  }
  rows_.shrink_to_fit();
}

const CfiRow* Cfi::find(std::uint64_t pc) const {
  const auto above = std::ranges::upper_bound(rows_, pc, {}, &CfiRow::start);
  if (above == rows_.begin()) return nullptr;
  const CfiRow& row = *(above - 1);
  return pc < row.end ? &row : nullptr;
}

Comparison Cfi::compare(const State& state, std::uint64_t pc) const { return tools::compare(&state, find(pc)); }

std::optional<State> Cfi::state_at(std::uint64_t pc) const {
  const CfiRow* const row = find(pc);
  return row == nullptr ? std::nullopt : state_of(*row);
}

bool Cfi::has_frame(std::uint64_t pc) const {
  const CfiRow* const row = find(pc);
  return row != nullptr && row->has_cfa && !(row->cfa_register == sp_number && row->cfa_offset == 0);
}

}  // namespace surefoot::tools
