// SPDX-License-Identifier: MIT
//
// The oracle's return-stack entries, by loops.
#include "support/oracle_entries.hpp"

namespace surefoot::testing {

void OracleEntries::add(const ReturnEntry& entry) {
  entries_.push_back(entry);
  is_passed_.push_back(false);
}

bool OracleEntries::is_left(std::size_t index) const {
  return !is_passed_[index] && entries_[index].return_address != 0;
}

bool OracleEntries::is_any_left(std::size_t from) const {
  for (std::size_t i = from; i < entries_.size(); ++i) {
    if (is_left(i)) return true;
  }
  return false;
}

std::optional<std::size_t> OracleEntries::newest(std::uint64_t hook, std::uint64_t key, bool is_passed) const {
  for (std::size_t i = entries_.size(); i > 0; --i) {
    const ReturnEntry& entry = entries_[i - 1];
    if (is_passed_[i - 1] == is_passed && entry.return_address != 0 && entry.key == key && entry.hook == hook)
      return i - 1;
  }
  return std::nullopt;
}

Evidence OracleEntries::pass_from(std::size_t index, std::size_t crossed) {
  Evidence noticed;
  for (std::size_t i = entries_.size(); i > index; --i) {
    if (is_passed_[i - 1]) continue;
    is_passed_[i - 1] = true;
    if (entries_[i - 1].return_address != 0) continue;
    if (explained_count_ == crossed) {
      noticed |= EvidenceBit::return_entry_invalid;
    } else {
      ++explained_count_;
    }
  }
  return noticed;
}

}  // namespace surefoot::testing
