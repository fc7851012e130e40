// SPDX-License-Identifier: MIT
//
// A reader that proves a walk safe: it records every address that a walk reads, and whether it was one that the walk
// had been given.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "support/memory.hpp"

namespace surefoot::testing {

/// What a walk read, and what is to happen when it reads.
struct ReadLog {
  std::vector<std::uint64_t> addresses;
  std::vector<std::uint64_t> wild;           ///< outside the declared stacks, or not aligned
  std::set<std::uint64_t> refused;           ///< addresses that cannot be read
  std::function<void(std::size_t)> on_read;  ///< is told how many reads came before
};

/// Reads fake memory. A wild read is recorded and refused; it never wraps round into the picture.
class RecordingReader {
 public:
  /// `also` may be read beside the stacks, as text: every aligned word with an instruction in it.
  RecordingReader(const Memory& memory, std::span<const Stack> declared, ReadLog& log,
                  std::span<const AddressRange> also = {})
      : memory_(&memory), declared_(declared), also_(also), log_(&log) {}

  [[nodiscard]] bool read(std::uint64_t address, std::uint64_t& word) noexcept {
    if (log_->on_read) log_->on_read(log_->addresses.size());
    log_->addresses.push_back(address);
    const std::optional<std::uint64_t> found = is_declared(address) ? memory_->word_at(address) : std::nullopt;
    if (!found) log_->wild.push_back(address);
    if (!found || log_->refused.contains(address)) return false;
    word = *found;
    return true;
  }

 private:
  [[nodiscard]] bool is_declared(std::uint64_t address) const {
    for (const Stack& stack : declared_) {
      // Written out, so that it does not lean on the arithmetic that is under test.
      if (address >= stack.range.start() && address < stack.range.end() && stack.range.end() - address >= 8)
        return true;
    }
    for (const AddressRange& range : also_) {
      if (address % 8 == 0 && address + 8 > range.start() && address < range.end()) return true;
    }
    return false;
  }

  const Memory* memory_;
  std::span<const Stack> declared_;
  std::span<const AddressRange> also_;
  ReadLog* log_;
};

}  // namespace surefoot::testing
