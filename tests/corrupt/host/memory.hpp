// SPDX-License-Identifier: MIT
//
// The memory of one capture, mapped where the kernel had it: walks can read it as their own or as foreign memory, and
// what is mutated is put back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "capture.hpp"

namespace corrupt {

/// At most one exists at a time.
class Memory {
 public:
  /// Maps the pieces that the capture has outside of stacks and return stacks as well. Throws if it cannot.
  explicit Memory(const Capture& capture);
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory();

  [[nodiscard]] bool contains(std::uint64_t address, std::uint64_t size) const {
    for (const surefoot::AddressRange& range : ranges_) {
      if (range.contains(address, size)) return true;
    }
    return false;
  }
  /// Requires that it contains the word.
  [[nodiscard]] static std::uint64_t word(std::uint64_t address) {
    std::uint64_t value;
    // SAFETY: mapped, as the caller has made sure.
    std::memcpy(&value, reinterpret_cast<const void*>(address), sizeof value);
    return value;
  }

  /// Changes a word until restore(). Requires that it contains the word.
  void set(std::uint64_t address, std::uint64_t value) {
    changes_.push_back({address, word(address)});
    // SAFETY: as above.
    std::memcpy(reinterpret_cast<void*>(address), &value, sizeof value);
  }
  struct Change {
    std::uint64_t address;
    std::uint64_t before;
  };
  [[nodiscard]] std::span<const Change> changes() const { return changes_; }
  void restore();

 private:
  void map_page(std::uint64_t page);

  std::vector<surefoot::AddressRange> ranges_;
  std::vector<std::uint64_t> pages_;
  std::vector<Change> changes_;
};

}  // namespace corrupt
