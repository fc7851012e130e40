// SPDX-License-Identifier: MIT
//
// What is put in the place of a word: the values that may pass for what was there, and some that may not.
#pragma once

#include <cstdint>
#include <vector>

#include "calls.hpp"
#include "victim.hpp"

namespace corrupt_dump {

/// What all tasks of a dump have in common.
struct Pool {
  std::vector<std::uint64_t> return_addresses;  ///< of all traces
  std::vector<std::uint64_t> records;           ///< of all stacks
  std::vector<std::uint64_t> hooks;             ///< places that return addresses are rewritten to, and the like
};

class Values {
 public:
  Values(DumpedLinux& dump, const Calls& calls, const Pool& pool, std::uint64_t seed)
      : dump_(dump), calls_(calls), pool_(pool), random_(seed) {}

  /// For any word.
  [[nodiscard]] std::vector<std::uint64_t> of(const Victim& victim, const ChangedWord& word);
  /// For a word that walks look at: all addresses of the stack, and calls that hardly differ from the one that a return
  /// address is behind.
  [[nodiscard]] std::vector<std::uint64_t> more_of(const Victim& victim, const ChangedWord& word);
  /// So many of a list, or all.
  void add_some(std::vector<std::uint64_t>& to, const std::vector<std::uint64_t>& from, std::size_t most);

 private:
  DumpedLinux& dump_;
  const Calls& calls_;
  const Pool& pool_;
  Random random_;
};

}  // namespace corrupt_dump
