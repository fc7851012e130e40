// SPDX-License-Identifier: MIT
//
// A kernel's table of symbols in a memory of its own, as each of its versions writes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "linux/symbols.hpp"

namespace surefoot::tools::testing {

/// How addresses are said.
enum class KallsymsForm : std::uint8_t {
  upwards,    ///< as distances from the base
  downwards,  ///< the same, negative, and other addresses as they are (KALLSYMS_ABSOLUTE_PERCPU)
  placed,     ///< as distances from their own place
};

struct Kallsyms {
  std::map<std::uint64_t, std::vector<std::byte>> memory;  ///< by address, apart
  KallsymsPlace place;
  [[nodiscard]] bool read(std::uint64_t address, std::span<std::byte> into) const;
  [[nodiscard]] ReadMemory reader() const {
    return [this](std::uint64_t address, std::span<std::byte> into) { return read(address, into); };
  }
  /// The bytes of one of its parts.
  [[nodiscard]] std::vector<std::byte>& part(std::uint64_t address) { return memory.at(address); }
};

/// Symbols with their letters ("Tschedule"), by rising address. The memory is a few pages at 0xffff800081000000.
[[nodiscard]] Kallsyms make_kallsyms(const std::vector<std::pair<std::string, std::uint64_t>>& symbols,
                                     KallsymsForm form = KallsymsForm::upwards);

}  // namespace surefoot::tools::testing
