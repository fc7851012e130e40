// SPDX-License-Identifier: MIT
//
// The return-stack entries of the oracle's walk, and which of them the walk has passed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "surefoot/evidence.hpp"
#include "surefoot/return_stack.hpp"

namespace surefoot::testing {

/// All entries of a task, the oldest first. An entry without a return address is invalid.
class OracleEntries {
 public:
  void add(const ReturnEntry& entry);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] const ReturnEntry& operator[](std::size_t index) const { return entries_[index]; }
  /// True if the entry is valid and was not passed.
  [[nodiscard]] bool is_left(std::size_t index) const;
  /// True if an entry from there on is valid and was not passed.
  [[nodiscard]] bool is_any_left(std::size_t from) const;
  /// The newest valid entry of the hook and the key, of those that were passed or of those that were not.
  [[nodiscard]] std::optional<std::size_t> newest(std::uint64_t hook, std::uint64_t key, bool is_passed) const;

  /// All entries from there on are passed now. Of the invalid ones, the newest first, each needs an exception of its
  /// own that came before; `crossed` is the number of exceptions so far.
  Evidence pass_from(std::size_t index, std::size_t crossed);

 private:
  std::vector<ReturnEntry> entries_;
  std::vector<bool> is_passed_;
  std::size_t explained_count_ = 0;  // invalid entries that an exception explains
};

}  // namespace surefoot::testing
